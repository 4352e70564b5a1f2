/* Encodings: detection by byte statistics, conversion by ICU; see encoding.h.
 *
 * Detection of double-byte sets counts how many of the non-ASCII characters lie where that set keeps its
 * everyday characters (level 1 of GB 2312 and Big5 are ordered by use; kana in Shift-JIS; Hangul in EUC-KR),
 * and how many of the different ones are letters that its language uses most. Text in one set read as another
 * scatters: Chinese in GBK scores about 0.95 in the first count as GBK, 0.6 as Big5. All Hangul of EUC-KR are
 * everyday Chinese to GBK; but of the letters that they would be there one in six is frequent, of the
 * syllables that they are nine in ten. Models such as ICU's need some hundred characters; survey files often
 * hold a dozen, in the header only. All of a file's are looked at, wherever they stand, up to SAMPLE bytes.
 */
#include "exchange/encoding.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "base/file.h"
#include "base/str.h"
#include "exchange/temporary.h"
#include "model/words.h"
#include "shape_words.gen.h"

#define CHUNK ((size_t)128 * 1024)
#define SAMPLE ((size_t)64 * 1024)
#define ZONE_SHARE_MIN 0.6
#define CLEARLY 8         /* so many valid runs of UTF-8 for one that isn't: the file is UTF-8 */
#define LETTERS_SHARE 0.5 /* frequent letters that tell a double-byte set where most runs are valid UTF-8 */

/* What one pass over the file finds. */
struct survey {
    unsigned char head[4];
    size_t head_size;
    int64_t bytes, first_high; /* offset of the first byte ≥ 0x80; −1: none */
    int64_t zero_even, zero_odd;
    int64_t good, bad; /* multi-byte UTF-8 runs that are valid or not */
    char *runs;        /* of bytes ≥ 0x80 with the byte behind them, a line each; SAMPLE bytes */
    size_t n_runs;
};

static int fail_read(const char *name, struct mg_error *error)
{
    return mg_fail(error, MG_E_IO, "%s can't be read.", name);
}

/* Bytes at the end that may be the start of a sequence which goes on in the next chunk. */
static size_t torn_tail(const unsigned char *p, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned char c = p[n - back];
        if (c >= 0xC0)
            return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > back ? back : 0;
        if (c < 0x80)
            return 0;
    }
    return 0;
}

/* The byte behind the run may be the second of a character. What touches an end of the chunk may be torn. */
static void keep_run(struct survey *survey, const unsigned char *p, size_t from, size_t to, size_t n)
{
    size_t length = to + 1 - from;
    if (to >= n || (from == 0 && survey->bytes > 0) || survey->n_runs + length + 1 > SAMPLE)
        return;
    memcpy(survey->runs + survey->n_runs, p + from, length);
    survey->n_runs += length;
    survey->runs[survey->n_runs++] = '\n';
}

static void survey_chunk(struct survey *survey, const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint64_t word;
        if (i + 8 <= n && (memcpy(&word, p + i, 8), (word & 0x8080808080808080u) == 0) &&
            memchr(p + i, 0, 8) == NULL) {
            i += 8;
            continue;
        }
        if (p[i] < 0x80) {
            if (p[i] == 0)
                *((survey->bytes + (int64_t)i) % 2 ? &survey->zero_odd : &survey->zero_even) += 1;
            i++;
            continue;
        }
        size_t end = i;
        while (end < n && p[end] >= 0x80)
            end++;
        if (survey->first_high < 0)
            survey->first_high = survey->bytes + (int64_t)i;
        bool good = mg_utf8_valid((const char *)p + i, end - i);
        survey->good += good;
        survey->bad += !good;
        keep_run(survey, p, i, end, n);
        i = end;
    }
    survey->bytes += (int64_t)n;
}

/* ret_survey->runs is borrowed. */
static int survey_file(const char *path, const char *name, struct mg_stop *stop, struct survey *ret_survey,
                       struct mg_error *error)
{
    FILE *file = NULL;
    unsigned char *chunk = malloc(CHUNK);
    struct survey survey = {.first_high = -1, .runs = ret_survey->runs};
    int rc = chunk ? mg_file_open(path, name, &file, error) : mg_fail_memory(error);
    size_t kept = 0, n = 0;
    while (!rc && (n = fread(chunk + kept, 1, CHUNK - kept, file)) > 0) {
        if (survey.bytes == 0 && kept == 0) {
            survey.head_size = n < 4 ? n : 4;
            memcpy(survey.head, chunk, survey.head_size);
        }
        size_t torn = torn_tail(chunk, kept + n);
        survey_chunk(&survey, chunk, kept + n - torn);
        memmove(chunk, chunk + kept + n - torn, torn);
        kept = torn;
        rc = mg_stop_check(stop, error);
    }
    if (!rc && ferror(file))
        rc = fail_read(name, error);
    if (!rc && kept)
        survey_chunk(&survey, chunk, kept);
    if (file)
        fclose(file);
    free(chunk);
    if (!rc)
        *ret_survey = survey;
    return rc;
}

static bool by_mark(const struct survey *survey, struct mg_encoding *ret)
{
    static const struct {
        const char *name, *mark;
        size_t n;
    } marks[] = {{"UTF-8", "\xEF\xBB\xBF", 3},
                 {"UTF-32LE", "\xFF\xFE\0\0", 4},
                 {"UTF-32BE", "\0\0\xFE\xFF", 4},
                 {"UTF-16LE", "\xFF\xFE", 2},
                 {"UTF-16BE", "\xFE\xFF", 2}};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (survey->head_size >= marks[i].n && memcmp(survey->head, marks[i].mark, marks[i].n) == 0) {
            *ret = (struct mg_encoding){marks[i].name, marks[i].n, false, 0};
            return true;
        }
    return false;
}

/* UTF-16 without a mark: delimiters, digits and line ends have their zero byte always on the same side. Text
 * of ASCII letters is then half zeros, other text is no valid UTF-8; a file that is neither merely holds
 * zeros. */
static bool by_zeros(const struct survey *survey, struct mg_encoding *ret)
{
    int64_t few = survey->bytes / 100 > 2 ? survey->bytes / 100 : 2,
            zeros = survey->zero_even + survey->zero_odd;
    if (zeros < few || (zeros < survey->bytes / 5 && survey->bad == 0))
        return false;
    if (survey->zero_even * 20 < survey->zero_odd)
        *ret = (struct mg_encoding){"UTF-16LE", 0, false, 0};
    else if (survey->zero_odd * 20 < survey->zero_even)
        *ret = (struct mg_encoding){"UTF-16BE", 0, false, 0};
    else
        return false;
    return true;
}

/* Where the double-byte sets keep everyday characters and punctuation. */
static bool in_gb(unsigned lead, unsigned trail)
{
    return trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xD7) || (lead >= 0xA1 && lead <= 0xA3));
}

static bool in_big5(unsigned lead, unsigned trail)
{
    return ((trail >= 0x40 && trail <= 0x7E) || trail >= 0xA1) && lead >= 0xA1 && lead <= 0xC6;
}

static bool in_sjis(unsigned lead, unsigned trail)
{
    return trail >= 0x40 && ((lead >= 0x81 && lead <= 0x83) || (lead >= 0x88 && lead <= 0x97));
}

static bool in_korean(unsigned lead, unsigned trail)
{
    return trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xC8) || lead == 0xA1);
}

static bool in_euc_jp(unsigned lead, unsigned trail)
{
    return trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xCF) || lead == 0xA1 || lead == 0xA4 || lead == 0xA5);
}

static const struct double_byte {
    const char *name, *icu;
    bool (*everyday)(unsigned lead, unsigned trail);
    const struct mg_words *letters; /* the frequent ones of its language */
} double_bytes[] = {
    {"GB18030", "gb18030", in_gb, &mg_words_letters_chinese},
    {"Big5", "windows-950", in_big5, &mg_words_letters_traditional},
    {"Shift_JIS", "windows-31j", in_sjis, &mg_words_letters_japanese},
    {"EUC-KR", "windows-949", in_korean, &mg_words_letters_korean},
    {"EUC-JP", "euc-jp", in_euc_jp, &mg_words_letters_japanese},
};

/* Share of double-byte characters that are everyday ones. */
static double zone_share(const struct double_byte *set, const unsigned char *p, size_t n)
{
    size_t all = 0, everyday = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (p[i] < 0x80)
            continue;
        all++;
        everyday += set->everyday(p[i], p[i + 1]);
        i++;
    }
    return all ? (double)everyday / (double)all : 0;
}

/* Different letters of the text, and how many of them are frequent. */
struct letters {
    uint8_t seen[(1 << 16) / 8], frequent[(1 << 16) / 8];
    size_t n, n_frequent;
};

static void count_letters(struct letters *letters, const UChar *text, size_t n, const struct mg_words *list)
{
    for (size_t i = 0; i < list->n; i++)
        for (const char *cursor = list->words[i]; *cursor;) {
            uint32_t c = mg_utf8_next(&cursor);
            letters->frequent[(c & 0xFFFF) / 8] |= (uint8_t)(1u << c % 8);
        }
    for (size_t i = 0; i < n; i++) {
        uint8_t bit = (uint8_t)(1u << text[i] % 8);
        if (text[i] < 0x2E80 || letters->seen[text[i] / 8] & bit)
            continue; /* marks, and letters of scripts that all the sets have */
        letters->seen[text[i] / 8] |= bit;
        letters->n++;
        letters->n_frequent += (letters->frequent[text[i] / 8] & bit) != 0;
    }
}

/* Share of the sample's different letters that are frequent in the set's language; −1: it isn't in the set (a
 * torn last character aside). */
static double letter_share(const struct double_byte *set, const char *p, size_t n)
{
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(set->icu, &code);
    UChar *out = malloc((n + 1) * sizeof(UChar));
    struct letters *letters = calloc(1, sizeof *letters);
    double share = -1;
    if (U_SUCCESS(code) && out && letters) {
        ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
        UChar *target = out;
        const char *source = p;
        ucnv_toUnicode(converter, &target, out + n, &source, p + n, NULL, false, &code);
        count_letters(letters, out, (size_t)(target - out), set->letters);
        if (U_SUCCESS(code))
            share = letters->n ? (double)letters->n_frequent / (double)letters->n : 0;
    }
    ucnv_close(converter);
    free(letters);
    free(out);
    return share;
}

/* `least`: share of frequent letters that is asked for. */
static bool by_zone(const char *p, size_t n, double least, struct mg_encoding *ret)
{
    double best = 0;
    for (size_t i = 0; i < ARRAY_LEN(double_bytes); i++) {
        double zone = zone_share(&double_bytes[i], (const unsigned char *)p, n);
        double letters = zone > ZONE_SHARE_MIN ? letter_share(&double_bytes[i], p, n) : -1;
        if (letters < least || zone + letters <= best)
            continue;
        best = zone + letters;
        *ret = (struct mg_encoding){double_bytes[i].name, 0, false, 0};
    }
    return best > 0;
}

/* ICU's guess among the single-byte sets of other scripts; Latin guesses all become windows-1252. */
static const char *by_icu(const char *p, size_t n)
{
    static const char *const scripts[] = {"windows-1251", "KOI8-R",       "ISO-8859-5",
                                          "ISO-8859-6",   "windows-1256", "ISO-8859-7",
                                          "windows-1253", "windows-1255", "ISO-8859-8"};
    const char *found = "windows-1252";
    UErrorCode code = U_ZERO_ERROR;
    UCharsetDetector *detector = ucsdet_open(&code);
    ucsdet_setText(detector, p, (int32_t)n, &code);
    const UCharsetMatch *match = ucsdet_detect(detector, &code);
    const char *name = U_SUCCESS(code) && match ? ucsdet_getName(match, &code) : NULL;
    int32_t confidence = name ? ucsdet_getConfidence(match, &code) : 0;
    for (size_t i = 0; i < ARRAY_LEN(scripts) && confidence >= 40; i++)
        if (strcmp(name, scripts[i]) == 0)
            found = scripts[i];
    ucsdet_close(detector);
    return found;
}

/* A sample that begins with the line of the first non-ASCII byte or not long before it. */
static int read_sample(const char *path, const char *name, int64_t first_high, char *sample, size_t *ret_n,
                       struct mg_error *error)
{
    FILE *file;
    int rc = mg_file_open(path, name, &file, error);
    if (rc)
        return rc;
    if (fseeko(file, first_high, SEEK_SET) != 0) {
        fclose(file);
        return fail_read(name, error);
    }
    *ret_n = fread(sample, 1, SAMPLE, file);
    fclose(file);
    return 0;
}

static int detect_legacy(const char *path, const char *name, const struct survey *survey,
                         struct mg_encoding *ret, struct mg_error *error)
{
    char *sample = malloc(SAMPLE);
    if (!sample)
        return mg_fail_memory(error);
    size_t n = 0;
    int rc = read_sample(path, name, survey->first_high, sample, &n, error);
    bool runs = survey->n_runs > 0; /* none in a file of one run at its end */
    if (!rc && !by_zone(runs ? survey->runs : sample, runs ? survey->n_runs : n, 0, ret))
        *ret = (struct mg_encoding){by_icu(sample, n), 0, false, 0};
    free(sample);
    return rc;
}

static bool is_wide(const char *encoding)
{
    return strncmp(encoding, "UTF-16", 6) == 0 || strncmp(encoding, "UTF-32", 6) == 0;
}

/* A few NUL bytes in a file of single bytes or UTF-8 say nothing, and go. */
static void count_zeros(const struct survey *survey, struct mg_encoding *encoding)
{
    int64_t zeros = survey->zero_even + survey->zero_odd;
    int64_t share = survey->bad == 0 ? MG_ENCODING_ZEROS_SHARE_UTF8 : MG_ENCODING_ZEROS_SHARE;
    if (zeros == 0 || zeros * share > survey->bytes || is_wide(encoding->name))
        return;
    encoding->zeros = zeros;
    encoding->plain = false;
}

static int detect_by_text(const char *path, const char *name, const struct survey *survey,
                          struct mg_encoding *ret, struct mg_error *error)
{
    *ret = (struct mg_encoding){"UTF-8", 0, survey->bad == 0, 0};
    bool mostly = survey->good > survey->bad, clearly = survey->good >= CLEARLY * survey->bad;
    if (survey->bad == 0 || clearly)
        return 0;
    /* Some characters of double-byte sets are valid UTF-8 by chance: "学院" in GBK. */
    if (mostly) {
        by_zone(survey->runs, survey->n_runs, LETTERS_SHARE, ret);
        return 0;
    }
    return detect_legacy(path, name, survey, ret, error);
}

int mg_encoding_detect(const char *path, const char *name, struct mg_stop *stop,
                       struct mg_encoding *ret_encoding, struct mg_error *error)
{
    struct survey survey = {.runs = malloc(SAMPLE)};
    int rc = survey.runs ? survey_file(path, name, stop, &survey, error) : mg_fail_memory(error);
    if (!rc && !by_mark(&survey, ret_encoding) && !by_zeros(&survey, ret_encoding))
        rc = detect_by_text(path, name, &survey, ret_encoding, error);
    if (!rc)
        count_zeros(&survey, ret_encoding);
    free(survey.runs);
    return rc;
}

int mg_encoding_named(const char *encoding, struct mg_encoding *ret_encoding, struct mg_error *error)
{
    UErrorCode code = U_ZERO_ERROR;
    const char *known = ucnv_getStandardName(encoding, "MIME", &code);
    if (U_FAILURE(code) || !known) {
        code = U_ZERO_ERROR;
        known = ucnv_getAlias(encoding, 0, &code);
    }
    if (U_FAILURE(code) || !known) {
        mg_fail(error, MG_E_INVALID, "%s is no encoding known here.", encoding);
        mg_fail_hint(error,
                     "Usual ones are UTF-8, GB18030, GBK, UTF-16LE, Big5, Shift_JIS and windows-1252.");
        return MG_E_INVALID;
    }
    *ret_encoding = (struct mg_encoding){known, 0, false, 0};
    return 0;
}

/* --- conversion --- */

struct conversion {
    const char *name;
    struct mg_encoding encoding;
    FILE *from, *to;
    UConverter *source, *target;
    char *in, *out;
    UChar *pivot;
    int64_t line, written, max_bytes;
};

static const char *icu_name(const char *encoding)
{
    for (size_t i = 0; i < ARRAY_LEN(double_bytes); i++)
        if (strcmp(encoding, double_bytes[i].name) == 0)
            return double_bytes[i].icu;
    return encoding;
}

static int conversion_begin(struct conversion *c, const char *from, const char *to, struct mg_error *error)
{
    UErrorCode code = U_ZERO_ERROR;
    int rc = mg_file_open(from, c->name, &c->from, error);
    if (!rc)
        rc = mg_temporary_open(to, &c->to, error);
    if (rc)
        return rc;
    c->in = malloc(CHUNK);
    c->out = malloc(CHUNK);
    c->pivot = malloc(CHUNK * sizeof(UChar));
    if (!c->in || !c->out || !c->pivot)
        return mg_fail_memory(error);
    if (fseeko(c->from, (off_t)c->encoding.bom, SEEK_SET) != 0)
        return fail_read(c->name, error);
    c->source = ucnv_open(icu_name(c->encoding.name), &code);
    c->target = ucnv_open("UTF-8", &code);
    ucnv_setToUCallBack(c->source, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    if (U_FAILURE(code))
        return mg_fail(error, MG_E_UNSUPPORTED, "%s can't be converted from %s.", c->name, c->encoding.name);
    return 0;
}

static int conversion_end(struct conversion *c, int rc, struct mg_error *error)
{
    ucnv_close(c->source);
    ucnv_close(c->target);
    free(c->in);
    free(c->out);
    free(c->pivot);
    if (c->from)
        fclose(c->from);
    return mg_temporary_close(c->to, rc, error);
}

static int fail_bytes(struct conversion *c, struct mg_error *error)
{
    char bytes[8] = "", text[32] = "";
    int8_t n = sizeof bytes;
    UErrorCode code = U_ZERO_ERROR;
    ucnv_getInvalidChars(c->source, bytes, &n, &code);
    for (size_t i = 0, used = 0; U_SUCCESS(code) && i < (size_t)n && i < sizeof bytes; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%02X", i ? " " : "",
                                 (unsigned char)bytes[i]);
    mg_fail(error, MG_E_INVALID, "%s: line %lld holds bytes (%s) that are not valid %s.", c->name,
            (long long)c->line, text, c->encoding.name);
    mg_fail_at(error, "%s, line %lld", c->name, (long long)c->line);
    mg_fail_hint(error, "Save the file as UTF-8, or say which encoding it has.");
    return MG_E_INVALID;
}

/* Bytes that stay of the `n` in c->out. */
static size_t without_zeros(const struct conversion *c, size_t n)
{
    size_t kept = 0;
    if (c->encoding.zeros == 0)
        return n;
    for (size_t i = 0; i < n; i++)
        if (c->out[i])
            c->out[kept++] = c->out[i];
    return kept;
}

static int put(struct conversion *c, size_t n, struct mg_error *error)
{
    for (size_t i = 0; i < n; i++)
        c->line += c->out[i] == '\n';
    n = without_zeros(c, n);
    c->written += (int64_t)n;
    if (c->written > c->max_bytes)
        return mg_fail(error, MG_E_LIMIT, "%s is larger than the %lld bytes allowed.", c->name,
                       (long long)c->max_bytes);
    if (fwrite(c->out, 1, n, c->to) != n)
        return mg_temporary_failed(error);
    return 0;
}

int mg_encoding_convert(const char *from, const char *name, struct mg_encoding encoding, const char *to,
                        int64_t max_bytes, struct mg_stop *stop, struct mg_error *error)
{
    struct conversion c = {.name = name, .encoding = encoding, .line = 1, .max_bytes = max_bytes};
    int rc = conversion_begin(&c, from, to, error);
    UChar *pivot_source = c.pivot, *pivot_target = c.pivot;
    bool flush = false, first = true;
    while (!rc && !flush && (rc = mg_stop_check(stop, error)) == 0) {
        size_t n = fread(c.in, 1, CHUNK, c.from);
        if (ferror(c.from))
            rc = fail_read(name, error);
        flush = n < CHUNK;
        const char *source = c.in;
        UErrorCode code = U_BUFFER_OVERFLOW_ERROR;
        while (!rc && code == U_BUFFER_OVERFLOW_ERROR) {
            char *target = c.out;
            code = U_ZERO_ERROR;
            ucnv_convertEx(c.target, c.source, &target, c.out + CHUNK, &source, c.in + n, c.pivot,
                           &pivot_source, &pivot_target, c.pivot + CHUNK, first, flush, &code);
            first = false;
            rc = put(&c, (size_t)(target - c.out), error);
            if (!rc && U_FAILURE(code) && code != U_BUFFER_OVERFLOW_ERROR)
                rc = fail_bytes(&c, error);
        }
    }
    return conversion_end(&c, rc, error);
}
