/* mg_number(text): the number that a text is, as a function inside DuckDB's own query.
 *
 * It is the model's rule itself (model/answer.h) rather than an expression that says the same: one node a
 * column instead of a dozen, each of which would hold vectors of its own. Missing becomes NULL; text that is
 * no number becomes infinity, which is off every scale and so is counted. */
#include <math.h>
#include <string.h>

#include "column/duckdb/duck.h"
#include "model/answer.h"

#define NUMBER_BYTES 128 /* longer text is no number */

static double number_of(const duckdb_string_t *cell)
{
    static const struct mg_answer_rule any = {0};
    char text[NUMBER_BYTES];
    size_t n = duckdb_string_t_length(*cell);
    double number = NAN;

    if (n == 1) { /* most answers are one digit */
        char c = *duckdb_string_t_data((duckdb_string_t *)cell);
        if (c >= '0' && c <= '9')
            return c - '0';
    }
    if (n >= sizeof(text))
        return INFINITY;
    memcpy(text, duckdb_string_t_data((duckdb_string_t *)cell), n);
    text[n] = '\0';
    return mg_answer_of_text(&any, text, &number) == MG_ANSWER_NO_NUMBER ? INFINITY : number;
}

static void numbers(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output)
{
    (void)info;
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, 0);
    const duckdb_string_t *cells = duckdb_vector_get_data(vector);
    uint64_t *valid = duckdb_vector_get_validity(vector), *ret_valid = NULL;
    double *ret = duckdb_vector_get_data(output);
    size_t n = duckdb_data_chunk_get_size(chunk);

    for (size_t r = 0; r < n; r++) {
        bool there = !valid || duckdb_validity_row_is_valid(valid, r);
        ret[r] = there ? number_of(&cells[r]) : NAN;
        if (!isnan(ret[r]))
            continue;
        if (!ret_valid) {
            duckdb_vector_ensure_validity_writable(output);
            ret_valid = duckdb_vector_get_validity(output);
        }
        duckdb_validity_set_row_invalid(ret_valid, r);
    }
}

int mg_duck_register_answers(duckdb_connection connection, struct mg_error *error)
{
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);

    duckdb_scalar_function_set_name(function, "mg_number");
    duckdb_scalar_function_add_parameter(function, text);
    duckdb_scalar_function_set_return_type(function, number);
    duckdb_scalar_function_set_function(function, numbers);
    duckdb_state state = duckdb_register_scalar_function(connection, function);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&number);
    duckdb_destroy_scalar_function(&function);
    if (state != DuckDBSuccess)
        return mg_fail(error, MG_E_ENGINE, "The analytics engine refused its settings.");
    return 0;
}
