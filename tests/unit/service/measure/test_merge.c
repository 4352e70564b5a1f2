/* Rows put into other rows: what is filled, what is kept, and that the order of the two doesn't matter. */
#include "service/measure/fixture.h"

#include "service/measure/merge.h"

#define MOST 16

static int put_rows(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)error;
    for (size_t i = 0; i < batch->n_rows * batch->n_columns; i++)
        mg_buf_printf(user, "%s%s", batch->cells[i] ? batch->cells[i] : "-",
                      (i + 1) % batch->n_columns ? "," : " ");
    return 0;
}

/* The table that is made of `csv` where row i goes into into[i]; `rule`: of the columns whose name begins
 * with E. */
static const char *merged(struct fixture *f, const char *csv, const size_t *into, size_t n_rows)
{
    static const struct mg_answer_rule rule = {.scale = {.min = 1, .max = 7, .step = 1}};
    const struct mg_answer_rule *rules[MOST] = {0};
    struct mg_source_info info;
    struct mg_buf out;
    given(
        f,
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"a\",\"perception\":\"P\"}]}",
        csv);
    SUCCEEDS(mg_columns_names(&f->ctx.columns, f->ctx.arena, &f->request.source, &info, &f->error));
    for (size_t c = 0; c < info.n_columns; c++)
        rules[c] = *info.columns[c].name == 'E' ? &rule : NULL;
    const struct mg_merge merge = {.source = f->request.source,
                                   .columns = info.columns,
                                   .n_columns = info.n_columns,
                                   .rules = rules,
                                   .into = into,
                                   .n_rows = n_rows,
                                   .table = "merged"};
    SUCCEEDS(mg_measure_merge(&f->ctx.columns, f->ctx.arena, &merge, &f->error));
    mg_buf_init(&out, 1 << 16);
    const struct mg_source table = {.table = "merged"};
    SUCCEEDS(mg_columns_scan(&f->ctx.columns, &table, NULL, 0, NULL, 0, 0, put_rows, &out, &f->error));
    const char *text = mg_arena_strdup(f->ctx.arena, out.data ? out.data : "");
    mg_buf_done(&out);
    return text;
}

#define STAYS MG_MERGE_STAYS

static void empty_cells_are_filled_and_others_kept(void **state)
{
    struct fixture *f = *state;
    static const size_t forward[] = {1, STAYS, STAYS}, back[] = {STAYS, 0, STAYS},
                        none[] = {STAYS, STAYS, STAYS};
    assert_string_equal(merged(f, "who,E,P\na,6,\nb,,4\nc,5,5\n", forward, 3), "b,6,4 c,5,5 ");
    assert_string_equal(merged(f, "who,E,P\nb,,4\na,6,\nc,5,5\n", back, 3), "b,6,4 c,5,5 ");
    assert_string_equal(merged(f, "who,E,P\na,6,\nb,,4\nc,5,5\n", none, 3), "a,6,- b,-,4 c,5,5 ");
    assert_string_equal(merged(f, "who,E,P\na,6,3\nb,2,4\nc,5,5\n", forward, 3), "b,2,4 c,5,5 ");
}

/* In a column of answers what is no answer is open; in any other it is somebody's text. */
static void what_is_no_answer_is_open_too(void **state)
{
    struct fixture *f = *state;
    static const size_t into[] = {1, STAYS, 3, STAYS, STAYS};
    assert_string_equal(merged(f, "who,E,P\na,6,x\nb,NA,n/a\nc,7,y\nd,9,-\ne,x,x\n", into, 5),
                        "b,6,n/a d,7,- e,x,x ");
    assert_string_equal(merged(f, "who,E,P\na,,1\nb,,2\nc,7,1\nd,-,2\ne,x,3\n", into, 5),
                        "b,-,2 d,7,2 e,x,3 ");
}

/* Of four rows the first goes on into the second and the last back into the third. */
static void many_rows_each_go_to_their_own(void **state)
{
    struct fixture *f = *state;
    enum { ROWS = 10000 };
    size_t *into = mg_arena_array(f->ctx.arena, ROWS, sizeof *into);
    struct mg_buf csv;
    mg_buf_init(&csv, 1 << 20);
    mg_buf_puts(&csv, "who,E,P\n");
    for (int i = 0; i < ROWS; i++) {
        bool leads = i % 4 == 1 || i % 4 == 2;
        into[i] = leads ? STAYS : (size_t)(i % 4 ? i - 1 : i + 1);
        mg_buf_printf(&csv, leads ? "p%d,,%d\n" : "e%d,%d,\n", i, 1 + i % 7);
    }
    const char *at = merged(f, csv.data, into, ROWS);
    mg_buf_done(&csv);
    int rows = 0;
    for (; *at; at = strchr(at, ' ') + 1, rows++) {
        int row, e, p;
        assert_int_equal(sscanf(at, "p%d,%d,%d", &row, &e, &p), 3);
        assert_int_equal(p, 1 + row % 7);
        assert_int_equal(e, 1 + (row % 4 == 1 ? row - 1 : row + 1) % 7);
    }
    assert_int_equal(rows, ROWS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(empty_cells_are_filled_and_others_kept),
        TEST(what_is_no_answer_is_open_too),
        TEST(many_rows_each_go_to_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
