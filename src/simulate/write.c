/* The files of a simulation: responses, customers, truth, a note.
 *
 * responses.csv has 75 columns and a line per questionnaire; it is most of the work, so its digits are
 * written by hand instead of through printf. Lines are ordered by customer, then wave. */
#include "base/json.h"
#include "simulate/simulate.h"
#include "simulate/world.h"

#define PIECE ((size_t)1 << 20) /* a writer returns after about so many bytes */

static const char *in_language(const struct mg_simulation *s, const struct mg_text *text)
{
    return mg_text_in(text, s->spec.lang, "");
}

static void write_header(const struct mg_simulation *s, struct mg_buf *out)
{
    mg_buf_puts(out, "response_id,customer_id,wave,answered_at,weight,region,customer_type,tenure,source");
    if (s->spec.design == MG_SIM_PREPOST)
        mg_buf_puts(out, ",episode");
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        mg_buf_printf(out, ",%s,%s,%s", s->study->items[i].expectation, s->study->items[i].perception,
                      s->study->items[i].adequate);
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        mg_buf_printf(out, ",%s", mg_sim_outcomes[o].code);
    mg_buf_putc(out, '\n');
}

/* A questionnaire: all of it, or what is asked before or after the service. */
enum part { WHOLE, BEFORE, AFTER };

static char *put_answer(char *at, int answer)
{
    *at++ = ',';
    if (answer >= 10)
        *at++ = '1';
    if (answer >= 0)
        *at++ = (char)('0' + answer % 10);
    return at;
}

static void write_answers(const struct mg_simulation_response *r, enum part part, struct mg_buf *out)
{
    char cells[MG_SIM_ITEMS * 6 + MG_SIM_OUTCOMES * 3 + 1], *at = cells;
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        at = put_answer(at, r->expectation[i] && part != AFTER ? r->expectation[i] : -1);
        at = put_answer(at, r->perception[i] && part != BEFORE ? r->perception[i] : -1);
        at = put_answer(at, r->adequate[i] && part != AFTER ? r->adequate[i] : -1);
    }
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        at = put_answer(at, part == BEFORE ? -1 : r->outcome[o]);
    *at++ = '\n';
    mg_buf_add(out, cells, (size_t)(at - cells));
}

/* Before the service in the first days of the wave, after it from the middle on. */
static int day_of(const struct mg_simulation_response *r, enum part part)
{
    return part == WHOLE ? r->day : part == BEFORE ? 1 + (r->day - 1) % 10 : 15 + (r->day - 1) % 14;
}

static void write_part(const struct mg_simulation *s, const struct mg_simulation_customer *c, int wave,
                       const struct mg_simulation_response *r, enum part part, struct mg_buf *out)
{
    static const char *const suffix[] = {[WHOLE] = "", [BEFORE] = "-E", [AFTER] = "-P"};
    const char *name = s->wave_name[wave];
    long long number = c->number + 1;
    mg_buf_printf(out, "%s-%07lld%s,C%07lld,%s,%s-%02dT%02d:%02d:00Z,%.6f,%s,%s,%s,%s", name, number,
                  suffix[part], number, name, name, day_of(r, part), r->hour, r->minute,
                  mg_simulation_weight(s, c), in_language(s, &s->plan->regions[c->region].label),
                  in_language(s, &s->plan->types[c->type].label),
                  in_language(s, &s->plan->tenures[c->tenure].label),
                  part == AFTER ? "" : in_language(s, &mg_sim_sources[r->source].label));
    if (part != WHOLE)
        mg_buf_printf(out, ",V%s-%07lld", name, number);
    write_answers(r, part, out);
}

static void write_response(const struct mg_simulation *s, const struct mg_simulation_customer *c, int wave,
                           const struct mg_simulation_response *r, struct mg_buf *out)
{
    if (s->spec.design != MG_SIM_PREPOST) {
        write_part(s, c, wave, r, WHOLE, out);
        return;
    }
    write_part(s, c, wave, r, BEFORE, out);
    if (r->returned)
        write_part(s, c, wave, r, AFTER, out);
}

/* The answers within a scope's wave and region, customer by customer. */
static void write_responses(const struct mg_simulation *s, struct mg_simulation_scope scope, int64_t *cursor,
                            struct mg_buf *out)
{
    size_t start = out->len;
    if (*cursor == 0)
        write_header(s, out);
    for (; *cursor < s->spec.customers && out->len - start < PIECE && !out->failed; (*cursor)++) {
        struct mg_simulation_customer customer;
        struct mg_simulation_response response;
        mg_simulation_draw_customer(s, *cursor, &customer);
        if (scope.region >= 0 && customer.region != scope.region)
            continue;
        for (int wave = 0; wave < s->waves; wave++)
            if ((scope.wave < 0 || wave == scope.wave) &&
                mg_simulation_draw_response(s, &customer, wave, &response))
                write_response(s, &customer, wave, &response, out);
    }
}

void mg_simulation_write_responses(const struct mg_simulation *s, int64_t *cursor, struct mg_buf *out)
{
    write_responses(s, (struct mg_simulation_scope){-1, -1, -1, -1}, cursor, out);
}

void mg_simulation_write_crisis(const struct mg_simulation *s, int64_t *cursor, struct mg_buf *out)
{
    write_responses(s, mg_simulation_crisis(s), cursor, out);
}

void mg_simulation_write_customers(const struct mg_simulation *s, int64_t *cursor, struct mg_buf *out)
{
    size_t start = out->len;
    if (*cursor == 0)
        mg_buf_puts(out, "customer_id,region,customer_type,tenure,careless\n");
    for (; *cursor < s->spec.customers && out->len - start < PIECE && !out->failed; (*cursor)++) {
        struct mg_simulation_customer c;
        mg_simulation_draw_customer(s, *cursor, &c);
        mg_buf_printf(out, "C%07lld,%s,%s,%s,%d\n", (long long)c.number + 1,
                      in_language(s, &s->plan->regions[c.region].label),
                      in_language(s, &s->plan->types[c.type].label),
                      in_language(s, &s->plan->tenures[c.tenure].label), c.careless);
    }
}

/* Both sides as they are recorded, and the gap if everybody had answered everything. */
static void write_pair(struct mg_json_writer *w, const char *code, double expectation, double perception,
                       double gap_of_all)
{
    mg_json_key(w, code);
    mg_json_open(w, '{');
    mg_json_key_number(w, "expectation", expectation);
    mg_json_key_number(w, "perception", perception);
    mg_json_key_number(w, "gap", perception - expectation);
    mg_json_key_number(w, "gap_of_all", gap_of_all);
    mg_json_close(w, '}');
}

static void write_numbers(const struct mg_simulation *s, const struct mg_simulation_truth *t,
                          struct mg_json_writer *w)
{
    write_pair(w, "overall", t->overall_expectation, t->overall_perception, t->overall_gap_of_all);
    mg_json_key(w, "dimensions");
    mg_json_open(w, '{');
    for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
        write_pair(w, mg_sim_dimensions[d].code, t->dimension_expectation[d], t->dimension_perception[d],
                   t->dimension_gap_of_all[d]);
    mg_json_close(w, '}');
    mg_json_key(w, "items");
    mg_json_open(w, '{');
    for (int i = 0; i < MG_SIM_ITEMS; i++) {
        mg_json_key(w, s->study->items[i].code);
        mg_json_open(w, '{');
        mg_json_key_number(w, "expectation", t->expectation[i]);
        mg_json_key_number(w, "perception", t->perception[i]);
        mg_json_key_number(w, "adequate", t->adequate[i]);
        mg_json_key_number(w, "gap", t->perception[i] - t->expectation[i]);
        mg_json_key_number(w, "gap_of_all", t->gap_of_all[i]);
        mg_json_close(w, '}');
    }
    mg_json_close(w, '}');
    mg_json_key(w, "outcomes");
    mg_json_open(w, '{');
    for (int o = 0; o < MG_SIM_OUTCOMES; o++)
        mg_json_key_number(w, mg_sim_outcomes[o].code,
                           mg_sim_outcomes[o].kind == MG_OUTCOME_NPS ? t->nps : t->outcome[o]);
    mg_json_close(w, '}');
}

/* One scope: null for "all". */
static void write_scope(const struct mg_simulation *s, struct mg_simulation_scope scope, const char *by,
                        const char *value, struct mg_json_writer *w)
{
    struct mg_simulation_truth truth;
    mg_simulation_truth(s, &scope, &truth);
    mg_json_open(w, '{');
    mg_json_key_string(w, "wave", scope.wave < 0 ? NULL : s->wave_name[scope.wave]);
    mg_json_key_string(w, "by", by);
    mg_json_key_string(w, "value", value);
    write_numbers(s, &truth, w);
    mg_json_close(w, '}');
}

static void write_scopes(const struct mg_simulation *s, struct mg_json_writer *w)
{
    for (int wave = -1; wave < s->waves; wave++) {
        write_scope(s, (struct mg_simulation_scope){wave, -1, -1, -1}, NULL, NULL, w);
        for (int i = 0; i < MG_SIM_REGIONS; i++)
            write_scope(s, (struct mg_simulation_scope){wave, i, -1, -1}, "region",
                        in_language(s, &s->plan->regions[i].label), w);
        for (int i = 0; i < MG_SIM_TYPES; i++)
            write_scope(s, (struct mg_simulation_scope){wave, -1, i, -1}, "customer_type",
                        in_language(s, &s->plan->types[i].label), w);
        for (int i = 0; i < MG_SIM_TENURES; i++)
            write_scope(s, (struct mg_simulation_scope){wave, -1, -1, i}, "tenure",
                        in_language(s, &s->plan->tenures[i].label), w);
    }
}

static void write_event(const struct mg_simulation *s, const struct mg_sim_event *event, const char *kind,
                        int wave, struct mg_json_writer *w)
{
    mg_json_open(w, '{');
    mg_json_key_string(w, "kind", kind);
    mg_json_key_string(w, "label", in_language(s, &event->label));
    mg_json_key_string(w, "wave", s->wave_name[wave]);
    mg_json_key_string(w, "region",
                       event->region < 0 ? NULL : in_language(s, &s->plan->regions[event->region].label));
    mg_json_key_string(w, "dimension", mg_sim_dimensions[event->dimension].code);
    mg_json_key_string(w, "touchpoint", s->plan->touchpoints[event->touchpoint].code);
    mg_json_key_number(w, "latent_shift", event->shift);
    mg_json_key(w, "items");
    mg_json_open(w, '[');
    for (int i = 0; i < MG_SIM_ITEMS; i++)
        if (s->plan->items[i].dimension == event->dimension &&
            s->plan->items[i].touchpoint == event->touchpoint)
            mg_json_string(w, s->study->items[i].code);
    mg_json_close(w, ']');
    mg_json_close(w, '}');
}

static void write_coefficients(struct mg_json_writer *w)
{
    mg_json_open(w, '{');
    for (int o = 0; o < MG_SIM_OUTCOMES; o++) {
        mg_json_key(w, mg_sim_outcomes[o].code);
        mg_json_open(w, '{');
        mg_json_key_number(w, "intercept", mg_sim_outcomes[o].intercept);
        mg_json_key_number(w, "noise", mg_sim_outcomes[o].noise);
        for (int d = 0; d < MG_SIM_DIMENSIONS; d++)
            mg_json_key_number(w, mg_sim_dimensions[d].code, mg_sim_outcomes[o].weight[d]);
        mg_json_close(w, '}');
    }
    mg_json_close(w, '}');
}

static void write_sources(const struct mg_simulation *s, struct mg_json_writer *w)
{
    mg_json_open(w, '[');
    for (int k = 0; k < MG_SIM_SOURCES; k++) {
        mg_json_open(w, '{');
        mg_json_key_string(w, "code", mg_sim_sources[k].code);
        mg_json_key_string(w, "label", in_language(s, &mg_sim_sources[k].label));
        mg_json_key_number(w, "lift", mg_sim_sources[k].lift);
        mg_json_key(w, "shares");
        mg_json_open(w, '[');
        for (int wave = 0; wave < s->waves; wave++)
            mg_json_number(w, mg_sim_source_share(s, k, wave));
        mg_json_close(w, ']');
        mg_json_close(w, '}');
    }
    mg_json_close(w, ']');
}

static void write_tilted(struct mg_json_writer *w, const char *key, const struct mg_sim_tilted *tilted)
{
    mg_json_key(w, key);
    mg_json_open(w, '{');
    mg_json_key_number(w, "mean", tilted->mean);
    mg_json_key_number(w, "tilt", tilted->tilt);
    mg_json_close(w, '}');
}

/* The constants of simulate.h's formulas, and how satisfaction decides who answers. */
static void write_parameters(const struct mg_simulation *s, struct mg_json_writer *w)
{
    static const struct {
        const char *key;
        double value;
    } numbers[] = {{"e_person", MG_SIM_E_PERSON},
                   {"e_dimension", MG_SIM_E_DIMENSION},
                   {"e_own", MG_SIM_E_OWN},
                   {"a_own", MG_SIM_A_OWN},
                   {"p_person", MG_SIM_P_PERSON},
                   {"p_lasting", MG_SIM_P_LASTING},
                   {"p_dimension", MG_SIM_P_DIMENSION},
                   {"p_own", MG_SIM_P_OWN},
                   {"own_correlation", MG_SIM_OWN_SHARED},
                   {"unconcerned_share", MG_SIM_UNCONCERNED},
                   {"unconcerned_drop", MG_SIM_UNCONCERNED_DROP},
                   {"learning", MG_SIM_LEARNING},
                   {"fading", MG_SIM_FADING},
                   {"memory_waves", MG_SIM_MEMORY},
                   {"gain_against_loss", MG_SIM_GAIN}};
    mg_json_open(w, '{');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        mg_json_key_number(w, numbers[i].key, numbers[i].value);
    write_tilted(w, "answers", &mg_sim_answers);
    write_tilted(w, "missing", &mg_sim_missing);
    if (s->spec.design == MG_SIM_PREPOST)
        write_tilted(w, "returns", &mg_sim_returns);
    if (s->spec.design == MG_SIM_PANEL)
        write_tilted(w, "stays", &mg_sim_stays);
    mg_json_close(w, '}');
}

void mg_simulation_write_truth(const struct mg_simulation *s, struct mg_buf *out)
{
    struct mg_json_writer w = mg_json_writer(out);
    mg_json_open(&w, '{');
    mg_json_key_bool(&w, "simulated", true);
    mg_json_key_string(&w, "industry", s->plan->code);
    mg_json_key_string(&w, "organisation", mg_simulation_organisation(s));
    mg_json_key_int(&w, "customers", s->spec.customers);
    mg_json_key_int(&w, "seed", (int64_t)s->spec.seed);
    mg_json_key_number(&w, "careless_share", MG_SIM_CARELESS);
    mg_json_key_string(&w, "design", mg_simulation_designs[s->spec.design]);
    mg_json_key(&w, "parameters");
    write_parameters(s, &w);
    mg_json_key(&w, "events");
    mg_json_open(&w, '[');
    write_event(s, &s->plan->crisis, "crisis", s->crisis_wave, &w);
    if (s->waves > 1)
        write_event(s, &s->plan->improvement, "improvement", s->improvement_wave, &w);
    mg_json_close(&w, ']');
    mg_json_key(&w, "latent_coefficients");
    write_coefficients(&w);
    mg_json_key(&w, "sources");
    write_sources(s, &w);
    mg_json_key(&w, "truth");
    mg_json_open(&w, '[');
    write_scopes(s, &w);
    mg_json_close(&w, ']');
    mg_json_close(&w, '}');
    mg_buf_putc(out, '\n');
}

void mg_simulation_write_readme(const struct mg_simulation *s, struct mg_buf *out)
{
    const char *lang = s->spec.lang == MG_LANG_ZH ? "zh-CN" : "en";
    mg_buf_printf(out, "SIMULATED DATA. %s does not exist; no answer here was given by a person.\n\n",
                  s->plan->organisation.en);
    mg_buf_puts(
        out,
        "responses.csv      a line a questionnaire: E expected, P perceived, A adequate, 1-7;\n"
        "                   design prepost: one before the service, one after it, with the same episode\n"
        "customers.csv      careless = 1 for those who answer without reading\n"
        "study.json         what the columns mean, and the true gaps\n"
        "crisis.csv         the answers of the crisis' wave and region; crisis.study.json its true gaps\n"
        "truth.json         the true expected value of every number, and what was planted;\n"
        "                   gap: of those who answer, gap_of_all: if everybody had\n\n");
    mg_buf_printf(out, "模拟数据。“%s”并不存在，这里没有任何一份答卷来自真人。\n\n",
                  s->plan->organisation.zh);
    mg_buf_puts(out, "responses.csv      每行一份答卷：E 期望，P 感知，A 可接受，1–7 分；\n"
                     "                   prepost 方案：服务前、服务后各一份，经历编号相同\n"
                     "customers.csv      careless = 1 表示不看题乱答的人\n"
                     "study.json         各列的含义，以及差距的真值\n"
                     "crisis.csv         危机所在的期和区域的答卷；其真值在 crisis.study.json\n"
                     "truth.json         每个数的真值，以及预先埋入的事件；\n"
                     "                   gap 是作答者的真值，gap_of_all 是人人作答时的真值\n\n");
    mg_buf_printf(
        out, "mindgap simulate --industry %s --customers %lld --waves %d --seed %llu --design %s --lang %s\n",
        s->plan->code, (long long)s->spec.customers, s->waves, (unsigned long long)s->spec.seed,
        mg_simulation_designs[s->spec.design], lang);
    mg_buf_puts(out, "mindgap gap responses.csv --study study.json\n"
                     "mindgap gap crisis.csv --study crisis.study.json\n");
}
