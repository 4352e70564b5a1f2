/* Locks of open file descriptions; see lock.h. */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int fail_open(const char *path, struct mg_error *error)
{
    int rc = errno == ENOSPC || errno == EDQUOT ? MG_E_FULL : MG_E_IO;
    return mg_fail(error, rc, "%s: %s.", path, strerror(errno));
}

int mg_lock_take(const char *path, int *ret_lock, struct mg_error *error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return fail_open(path, error);
    if (fcntl(lock, F_OFD_SETLK, &whole) == 0) {
        *ret_lock = lock;
        return 0;
    }
    int rc = errno == EAGAIN || errno == EACCES ? mg_fail(error, MG_E_BUSY, "Another program holds %s.", path)
                                                : fail_open(path, error);
    close(lock);
    return rc;
}

void mg_lock_drop(int lock)
{
    if (lock >= 0)
        close(lock);
}

bool mg_lock_is_held(const char *path)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return false;
    bool held = fcntl(file, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    close(file);
    return held;
}
