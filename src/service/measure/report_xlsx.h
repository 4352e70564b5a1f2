/* The gap report as an Excel workbook: a sheet for people with native charts (expected and perceived of each
 * item joined by a line; each gap in its interval), and a sheet with every number, as in the CSV. */
#ifndef MG_SERVICE_MEASURE_REPORT_XLSX_H
#define MG_SERVICE_MEASURE_REPORT_XLSX_H

#include "service/measure/report_csv.h"

/* Writes the file `path`. */
MG_CHECKED int mg_measure_gaps_xlsx(const struct mg_wire_gap_report *report,
                                    const struct mg_gap_csv_head *head, const char *path,
                                    struct mg_error *error);

#endif
