/* Reading a text by parts; see parts.h. */
#include "exchange/parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS_MAX 8
#define ROWS_BETWEEN_LOOKS 64
#define LINE_END_WINDOW 4096

/* What reading a part found; lines and rows count from its beginning. */
struct part {
    int64_t from, end, lines, rows, n_bad, left_out[MG_LEFT_OUT_KINDS];
    struct mg_exchange_bad_row *bad;
    size_t n_bad_listed;
    struct mg_evidence *evidence;
    int rc;
};

struct work {
    const struct mg_parts_plan *plan;
    struct mg_parts_found *found;
    int64_t part_bytes;
    size_t n;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved;
    size_t next, turn; /* the part to be read, and to be committed, next */
    int failed;
    enum mg_lang lang;
    struct mg_error why;
};

bool mg_parts_is_bad(const struct mg_csv_row *row, size_t n_columns)
{
    if (row->malformed || row->n < n_columns)
        return true;
    for (size_t i = n_columns; i < row->n; i++)
        if (row->sizes[i] > 0)
            return true;
    return false;
}

/* --- one part --- */

static void part_done(struct part *part)
{
    mg_evidence_free(part->evidence);
    free(part->bad);
    *part = (struct part){0};
}

static int note_bad(struct part *part, const struct mg_csv_row *row, struct mg_error *error)
{
    part->n_bad++;
    if (part->n_bad_listed == MG_EXCHANGE_BAD_LISTED)
        return 0;
    if (!part->bad)
        part->bad = malloc(MG_EXCHANGE_BAD_LISTED * sizeof *part->bad);
    if (!part->bad)
        return mg_fail_memory(error);
    part->bad[part->n_bad_listed++] =
        (struct mg_exchange_bad_row){.line = row->line, .n_cells = row->malformed ? 0 : row->n};
    return 0;
}

static int take_row(const struct mg_parts_plan *plan, struct part *part, const struct mg_csv_row *row,
                    struct mg_error *error)
{
    int why = plan->judge(plan->user, row);
    if (why) {
        part->left_out[why]++;
        return 0;
    }
    if (mg_parts_is_bad(row, plan->n_columns))
        return note_bad(part, row, error);
    for (size_t i = 0; i < plan->n_columns; i++)
        mg_evidence_cell(part->evidence, i, part->rows, row->cells[i], row->sizes[i]);
    part->rows++;
    return 0;
}

static int read_rows(const struct mg_parts_plan *plan, struct mg_csv_reader *reader, struct part *part,
                     struct mg_error *error)
{
    struct mg_csv_row row;
    size_t number = 0;
    int rc;
    while ((rc = mg_csv_reader_next(reader, &row, error)) == 1) {
        rc = take_row(plan, part, &row, error);
        if (!rc && ++number % ROWS_BETWEEN_LOOKS == 0)
            rc = mg_stop_check(plan->stop, error);
        if (rc)
            break;
    }
    return rc;
}

static struct mg_evidence *new_evidence(const struct mg_parts_plan *plan)
{
    struct mg_evidence *evidence = mg_evidence_new(plan->n_columns);
    if (evidence && plan->told)
        mg_evidence_tell(evidence, plan->told);
    return evidence;
}

/* The rows that begin from `from` on and before `to`; `line` is that of `from`. */
static void read_part(const struct mg_parts_plan *plan, int64_t from, int64_t to, int64_t line,
                      struct part *part, struct mg_error *error)
{
    struct mg_csv_range range = plan->text;
    range.from = from;
    range.to = to;
    range.line = line;
    *part = (struct part){.from = from, .evidence = new_evidence(plan)};
    struct mg_csv_reader *reader = mg_csv_reader_new(&range);
    part->rc = part->evidence && reader ? read_rows(plan, reader, part, error) : mg_fail_memory(error);
    if (reader) {
        part->end = mg_csv_reader_offset(reader);
        part->lines = mg_csv_reader_line(reader) - line;
    }
    mg_csv_reader_free(reader);
}

/* --- boundaries --- */

static int64_t boundary(const struct work *work, size_t k)
{
    const struct mg_csv_range *text = &work->plan->text;
    return k == work->n ? text->to : text->from + (int64_t)k * work->part_bytes;
}

int64_t mg_parts_guess(const struct mg_csv_range *text, int64_t at)
{
    char window[LINE_END_WINDOW];
    if (at == text->from || at >= text->to)
        return at;
    for (int64_t p = at - 1; p < text->to;) {
        ssize_t n = pread(text->fd, window, sizeof window, p);
        const char *end = n > 0 ? memchr(window, '\n', (size_t)n) : NULL;
        if (end)
            return p + (end - window) + 1;
        if (n <= 0)
            break;
        p += n;
    }
    return text->to;
}

/* --- commits, in order --- */

static void add_bad(struct mg_parts_found *found, const struct part *part, int64_t line)
{
    for (size_t i = 0; i < part->n_bad_listed && found->n_bad_listed < MG_EXCHANGE_BAD_LISTED; i++) {
        struct mg_exchange_bad_row *bad = &found->bad[found->n_bad_listed++];
        *bad = part->bad[i];
        bad->line += line;
    }
    found->n_bad += part->n_bad;
}

/* Reads the part again where it began in the wrong place, or failed: the second time with its true line. */
static void commit(struct work *work, size_t k, struct part *part, struct mg_error *error)
{
    struct mg_parts_found *found = work->found;
    struct mg_part_mark *mark = &found->parts.marks[k];
    int64_t line = mark->line;
    if (part->from != mark->offset || part->rc) {
        part_done(part);
        read_part(work->plan, mark->offset, boundary(work, k + 1), line, part, error);
        line = 0; /* rows were told with it */
    }
    if (!part->rc)
        mg_evidence_shift(part->evidence, found->rows);
    if (!part->rc)
        part->rc = mg_evidence_merge(found->evidence, part->evidence) ? mg_fail_memory(error) : 0;
    add_bad(found, part, line);
    for (size_t i = 0; i < MG_LEFT_OUT_KINDS; i++)
        found->left_out[i] += part->left_out[i];
    found->rows += part->rows;
    mark[1] = (struct mg_part_mark){part->end, mark->line + part->lines, found->rows};
}

static void take_turn(struct work *work, size_t k, struct part *part)
{
    struct mg_error why = {.lang = work->lang};
    pthread_mutex_lock(&work->lock);
    while (work->turn != k)
        pthread_cond_wait(&work->moved, &work->lock);
    bool failed = work->failed;
    pthread_mutex_unlock(&work->lock);
    if (!failed)
        commit(work, k, part, &why);
    pthread_mutex_lock(&work->lock);
    if (!failed && part->rc) {
        work->failed = part->rc;
        work->why = why;
    }
    work->turn++;
    pthread_cond_broadcast(&work->moved);
    pthread_mutex_unlock(&work->lock);
}

static void *work_on(void *user)
{
    struct work *work = user;
    for (;;) {
        pthread_mutex_lock(&work->lock);
        size_t k = work->next;
        bool over = k == work->n || work->failed;
        work->next += !over;
        pthread_mutex_unlock(&work->lock);
        if (over)
            return NULL;
        struct part part;
        struct mg_error ignored = {0};
        const struct mg_csv_range *text = &work->plan->text;
        int64_t from = mg_parts_guess(text, boundary(work, k));
        int64_t to = mg_parts_guess(text, boundary(work, k + 1));
        read_part(work->plan, from, to, 0, &part, &ignored);
        take_turn(work, k, &part);
        part_done(&part);
    }
}

/* --- the whole --- */

static size_t count_threads(size_t parts)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
    return n < parts ? n : parts;
}

static void run(struct work *work)
{
    pthread_t threads[THREADS_MAX];
    size_t n = count_threads(work->n), started = 0;
    while (started + 1 < n && pthread_create(&threads[started], NULL, work_on, work) == 0)
        started++;
    work_on(work);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

static void choose_parts(struct work *work)
{
    int64_t bytes = work->plan->text.to - work->plan->text.from;
    int64_t least = (bytes + MG_PARTS_MAX - 1) / MG_PARTS_MAX;
    int64_t wanted = work->plan->part_bytes ? work->plan->part_bytes : MG_PART_BYTES;
    work->part_bytes = wanted > least ? wanted : least;
    work->n = (size_t)((bytes + work->part_bytes - 1) / work->part_bytes);
}

int mg_parts_read(struct mg_arena *arena, const struct mg_parts_plan *plan, struct mg_parts_found *ret_found,
                  struct mg_error *error)
{
    struct work work = {.plan = plan, .found = ret_found};
    work.lang = error ? error->lang : MG_LANG_EN;
    *ret_found = (struct mg_parts_found){0};
    choose_parts(&work);
    ret_found->evidence = new_evidence(plan);
    ret_found->parts.n = work.n;
    ret_found->parts.marks = mg_arena_array(arena, work.n + 1, sizeof *ret_found->parts.marks);
    if (!ret_found->evidence || !ret_found->parts.marks)
        return mg_fail_memory(error);
    ret_found->parts.marks[0] = (struct mg_part_mark){plan->text.from, plan->text.line, 0};
    pthread_mutex_init(&work.lock, NULL);
    pthread_cond_init(&work.moved, NULL);
    run(&work);
    pthread_cond_destroy(&work.moved);
    pthread_mutex_destroy(&work.lock);
    if (work.failed && error)
        *error = work.why;
    return work.failed;
}
