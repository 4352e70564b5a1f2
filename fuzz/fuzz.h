/* What every fuzzer here defines. It must return 0, and abort() where a property doesn't hold. */
#ifndef MG_FUZZ_FUZZ_H
#define MG_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
