/* Stage 2, assess the gap: the use cases behind `mindgap gap` and the API's measure endpoints. They read a
 * source (a file or the table of a study), never the record, so the command line and the server share them.
 *
 * All results belong to ctx->arena. Labels and sentences come in both languages. Missing answers follow the
 * study's rule: pairwise (each number from the rows that have it) or listwise (only rows with every
 * expectation and perception). Groups with fewer than MG_MEASURE_K respondents are named but not shown. */
#ifndef MG_SERVICE_MEASURE_MEASURE_H
#define MG_SERVICE_MEASURE_MEASURE_H

#include <stdint.h>

#include "column/file.h"
#include "model/study.h"
#include "service/context.h"
#include "wire/wire.gen.h"

struct mg_pairing; /* pairing.h */

#define MG_MEASURE_K 5            /* fewest respondents of a shown group */
#define MG_MEASURE_GROUPS_MAX 500 /* most groups of one report */
#define MG_MEASURE_BOOT_MAX 20000
#define MG_MEASURE_BOOT_ROWS_MAX ((size_t)200000) /* beyond: jackknife over 256 groups of rows */
#define MG_MEASURE_LEVEL 0.95

/* What all use cases share. Zeroed but for study and source is a valid request. */
struct mg_measure_request {
    const struct mg_study *study;
    struct mg_source source;
    const struct mg_pairing
        *pairing; /* how the source's rows were put together; NULL: they are as they were */
    const struct mg_filter *filters;
    size_t n_filters;
    const char *wave;        /* only this wave (a value of the wave column); NULL: all */
    bool all_waves;          /* an overview of all waves together; else of `wave`, or of the newest */
    const char *wave_column; /* NULL: the study's */
    const char *weight;      /* column; NULL: the study's */
    const char *customer;    /* column of customers, where the study has them; NULL: the study's */
    double level;            /* of the intervals; 0: MG_MEASURE_LEVEL */
    double k;                /* fewest respondents of a shown group; 0: MG_MEASURE_K */
    size_t pairing_bytes;    /* most memory for putting rows together; 0: MG_PAIRING_BYTES_MAX */
};

struct mg_gap_request {
    struct mg_measure_request base;
    const char *const *by; /* group codes or "wave", crossed; see any_column */
    size_t n_by;
    bool any_column; /* `by` may name any column of the source (the command line; not the API) */
    int64_t boot;    /* replicates of the BCa bootstrap; 0: t, or the jackknife where rows hang together */
    uint64_t seed;
    const struct mg_source_info *info; /* what is in the file, where one is read; NULL: not looked at */
};

/* Gaps of items, dimensions, touchpoints, cells and the whole, worst first; scores, reliability, groups.
 * MG_E_INVALID names a column, group or wave that isn't there; MG_E_INESTIMABLE: not one row passed the
 * filters. */
MG_CHECKED int mg_measure_gaps(struct mg_ctx *ctx, const struct mg_gap_request *request,
                               struct mg_wire_gap_report *ret, struct mg_error *error);

/* The finding in a sentence, key figures with their change since the wave before, the five worst, the trend.
 * Without a wave column: no trend, no changes. wave NULL: the last one, or with all_waves the whole, which
 * has no wave before it. */
MG_CHECKED int mg_measure_overview(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                   struct mg_wire_overview *ret, struct mg_error *error);

enum mg_driver_level { MG_DRIVER_ITEM, MG_DRIVER_DIMENSION };

struct mg_driver_request {
    struct mg_measure_request base;
    const char *outcome; /* code; NULL: the study's first */
    enum mg_driver_level level;
    bool cut_scale_middle; /* else at the means */
    bool leave_out_rare;   /* no driver that fewer than half as many answered as the most answered one */
};

/* Importance against performance. Importance is derived (LMG shares of R²) where the study has an outcome,
 * else the stated importance. Where the drivers can't be estimated the report says why, and the stated
 * importance or squared correlations stand in. */
MG_CHECKED int mg_measure_drivers(struct mg_ctx *ctx, const struct mg_driver_request *request,
                                  struct mg_wire_driver_report *ret, struct mg_error *error);

/* Whether those who left questions out differ from those who answered them, in what both answered: most
 * certain first. */
MG_CHECKED int mg_measure_nonresponse(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                      struct mg_wire_nonresponse *ret, struct mg_error *error);

/* How the answers to one item are spread, and its trend by wave; what fewer than k answered isn't shown.
 * MG_E_LIMIT beyond 512 different answers. */
MG_CHECKED int mg_measure_distribution(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                       const char *item, struct mg_wire_distribution *ret,
                                       struct mg_error *error);

/* The waves in natural order, and the values of every group of the study, most frequent first: the newest and
 * the most frequent 100 each, none where there are more than 20,000 (or 100,000 pairs of a value and a wave).
 * Values are counted in the wave: `wave`, the newest where it is NULL, or with all_waves in all; those of
 * other waves are there with 0, since a filter may name them. */
MG_CHECKED int mg_measure_facets(struct mg_ctx *ctx, const struct mg_measure_request *request,
                                 struct mg_wire_facets *ret, struct mg_error *error);

/* Filters from the command line, texts of "COLUMN=VALUE[,VALUE…]" (COLUMN: a group code, "wave", or any
 * column), and from a query of the API, "group:value,value;group:value" with values percent-encoded (group
 * codes and "wave" only). “wave” is the wave column of `base`, whose filters aren't looked at. Values of one
 * name are alternatives; different names must all hold. */
MG_CHECKED int mg_measure_filters_of_options(struct mg_arena *arena, const struct mg_measure_request *base,
                                             const char *const *texts, size_t n,
                                             const struct mg_filter **ret_filters, size_t *ret_n,
                                             struct mg_error *error);
MG_CHECKED int mg_measure_filters_of_query(struct mg_arena *arena, const struct mg_measure_request *base,
                                           const char *query, const struct mg_filter **ret_filters,
                                           size_t *ret_n, struct mg_error *error);

/* Order of waves and other labels as people number them: digit runs by value ("W2" < "W10"). */
int mg_measure_natural_order(const char *a, const char *b);

#endif
