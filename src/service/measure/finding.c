/* Sentences from numbers. Written out in both languages side by side, because word order differs. */
#include "service/measure/finding.h"

#include <math.h>

#define SENTENCE(arena, en_format, zh_format, label, ...)                                                    \
    (struct mg_wire_text)                                                                                    \
    {                                                                                                        \
        .en = mg_arena_printf((arena), en_format, (label).en, __VA_ARGS__),                                  \
        .zh_cn = mg_arena_printf((arena), zh_format, (label).zh_cn, __VA_ARGS__)                             \
    }

static struct mg_wire_text of_gap(struct mg_arena *arena, const struct mg_wire_gap_row *row)
{
    double e = row->expectation->value, p = row->perception->value;
    switch (row->verdict) {
    case MG_WIRE_VERDICT_SHORT:
        return SENTENCE(arena, "The largest gap is at %s: customers expect %.1f and get %.1f.",
                        "最大的差距在%s：客户期望 %.1f，只得到 %.1f。", row->label, e, p);
    case MG_WIRE_VERDICT_BEYOND:
        return SENTENCE(
            arena, "Nothing falls short: even %s is beyond expectation, %.1f expected and %.1f perceived.",
            "没有低于期望之处：即便是%s也超出期望，期望 %.1f，感知 %.1f。", row->label, e, p);
    case MG_WIRE_VERDICT_NOISE:
        return SENTENCE(
            arena,
            "No gap stands out from the noise; the largest is at %s, %.1f expected and %.1f perceived.",
            "没有超出误差的差距；最大的在%s，期望 %.1f，感知 %.1f。", row->label, e, p);
    case MG_WIRE_VERDICT_UNKNOWN:
        break;
    }
    return SENTENCE(arena, "Too few answers to judge the gaps; %s has %.1f expected and %.1f perceived.",
                    "答案太少，无法判断差距；%s的期望为 %.1f，感知为 %.1f。", row->label, e, p);
}

struct mg_wire_text mg_finding_of_rows(struct mg_arena *arena, const struct mg_wire_gap_row *rows, size_t n)
{
    if (n && rows[0].gap && isfinite(rows[0].gap->value))
        return of_gap(arena, &rows[0]);
    if (n && rows[0].perception && isfinite(rows[0].perception->value))
        return SENTENCE(arena, "The lowest rating is %s with %.1f; expectations were not asked.",
                        "评分最低的是%s，%.1f 分；没有询问期望。", rows[0].label, rows[0].perception->value);
    return (struct mg_wire_text){.en = "There are no answers yet.", .zh_cn = "还没有答案。"};
}
