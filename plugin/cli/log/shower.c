#include "shower.h"
#include "explain/recorded.h"
#include "frame/output.h"

#define FLUSH ((size_t)32 * 1024) /* bytes that are printed at once */

int shower_init(struct shower *s, const struct invocation *in) {
        const char *limit = invocation_option(in, "limit");
        int64_t n = 0;

        *s = (struct shower){ .command = in->command, .json = in->json, .style = row_style() };
        text_init(&s->out);
        if (limit && (str_int(str_from(limit), &n) < 0 || n < 1 || n > SHOWER_LIMIT))
                return command_misused(in->command, "--limit is 1 to %d", SHOWER_LIMIT);
        s->limit = (size_t)n;
        s->last = n ? calloc((size_t)n, sizeof(*s->last)) : NULL;
        for (size_t i = 0; s->last && i < s->limit; ++i)
                text_init(&s->last[i]);
        if (n && !s->last)
                s->limit = 0;
        if (!s->json)
                row_add_titles(&s->out, &s->style);
        return record_filter_read(&s->filter, in);
}

static void drop_last(struct shower *s) {
        for (size_t i = 0; s->last && i < s->limit; ++i)
                text_deinit(&s->last[i]);
        free(TAKE(s->last));
        s->limit = 0;
}

void shower_deinit(struct shower *s) {
        drop_last(s);
        text_deinit(&s->out);
}

/* As it stands in the file; where it could paint a terminal, which no line of docksill's can, escaped. */
static void add_raw(struct text *out, struct str line, const json_t *read) {
        cleanup_(text_deinit) struct text visible;
        size_t begin = out->n;

        text_init(&visible);
        text_add_visible(&visible, line, SIZE_MAX);
        if (str_eq(text_str(&visible), line)) {
                text_add(out, line);
        } else {
                char *dumped = json_dumps(read, JSON_COMPACT | JSON_ENSURE_ASCII);

                text_addz(out, dumped ? dumped : "{}");
                free(dumped);
        }
        if (out->n > begin)
                text_add_char(out, '\n');
}

int shower_line(struct shower *s, const struct record_file *file, struct str line) {
        json_auto_t *read = NULL;
        struct text *out = s->last ? &s->last[s->next] : &s->out;

        if (!record_filter_may_take(&s->filter, line)) {
                s->read += str_starts(line, STR_C("{\"schema\":\"docksill."));
                return EXIT_FINE;
        }
        if (!file->overlong)
                read = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
        if (!str_starts(recorded_text(read, "schema"), STR_C("docksill."))) {
                s->passed += str_trim(line).n > 0;
                return EXIT_FINE;
        }
        ++s->read;
        if (!record_filter_takes(&s->filter, read))
                return EXIT_FINE;
        ++s->taken;
        if (s->last) {
                text_reset(out);
                s->next = (s->next + 1) % s->limit;
        }
        if (s->json)
                add_raw(out, line, read);
        else
                row_add(out, &s->style, read);
        return s->out.n >= FLUSH ? shower_flush(s, false) : EXIT_FINE;
}

int shower_flush(struct shower *s, bool last) {
        int result;

        for (size_t i = 0; last && s->last && i < s->limit; ++i) {
                const struct text *t = &s->last[(s->next + i) % s->limit];

                s->out.failed = s->out.failed || t->failed;
                text_add(&s->out, text_str(t));
        }
        if (last)
                drop_last(s);
        if (s->out.n == 0 && !s->out.failed)
                return EXIT_FINE;
        result = output_text(s->command, &s->out);
        text_reset(&s->out);
        return result;
}
