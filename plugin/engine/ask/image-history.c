/*
 * What a builder wrote into a layer's CreatedBy, as the Dockerfile had it (moby builder/dockerfile/dispatchers.go,
 * BuildKit frontend/dockerfile/dockerfile2llb/convert.go):
 *
 *         /bin/sh -c #(nop)  CMD ["sh"]                   the classic builder, of what runs nothing
 *         |1 TOKEN=x /bin/sh -c apt-get update            the same of RUN, with the build's arguments
 *         RUN |1 TOKEN=x /bin/sh -c apt-get update # buildkit
 *         COPY app /app # buildkit
 */
#include "image-history.h"
#include "facts/cell.h"
#include "read/body.h"
#include "read/go-type.h"

/* Bytes of lines that rules see, the latest: looking through them comes out of the steps that the whole call has
 * (request-too-costly), and no call is to be refused since its image has a long past. */
#define LINES_MOST ((size_t)16 * 1024)

struct layer {
        bool given;
        struct go_string created_by;
};
static const struct gojson_field layer_fields[] = { GO_FIELD(layer, "CreatedBy", created_by, gojson_string) };
static const struct gojson_type layer_type = GO_STRUCT(layer);
static const struct gojson_type layers_type = GO_LIST(layer_type);

static bool cut_behind(struct str *s, struct str mark) {
        size_t at = str_search(*s, mark);

        if (at == s->n)
                return false;
        *s = str_trim(str_skip(*s, at + mark.n));
        return true;
}

static struct str instruction_of(struct str line) {
        size_t n = 0;

        while (n < line.n && line.p[n] >= 'A' && line.p[n] <= 'Z')
                ++n;
        return n > 1 && (n == line.n || line.p[n] == ' ') ? str_first(line, n) : STR_C("");
}

static struct history_fact read_line(struct arena *arena, struct str created_by, int64_t step) {
        static const struct str tail = STR("# buildkit"), shell = STR("/bin/sh -c "), run = STR("RUN ");
        struct str line = str_trim(created_by);
        struct history_fact f = { .step = { .head.given = true, .value = step } };

        if (str_ends(line, tail))
                line = str_trim(str_first(line, line.n - tail.n));
        if (!cut_behind(&line, STR_C("#(nop)"))) {
                bool runs = str_starts(line, run);

                if (runs)
                        line = str_skip(line, run.n);
                if (cut_behind(&line, shell) || runs)
                        line = arena_join(arena, run, line);
        }
        f.line = cell_str(line);
        f.instruction = cell_str(instruction_of(line));
        return f;
}

static struct str written(const struct go_list *layers, size_t i) {
        const struct layer *layer = gojson_item(layers, i, sizeof(*layer));

        return layer->created_by.value;
}

/* How many of the latest lines there is room for. @oldest: bytes of the last of them. */
static size_t fit(const struct go_list *layers, size_t *oldest) {
        size_t left = LINES_MOST, n = 0;

        for (*oldest = 0; n < layers->n && left > 0; ++n) {
                *oldest = str_first(written(layers, n), left).n;
                left -= *oldest;
        }
        return n;
}

/* The engine tells the last one first. */
bool image_history_fill(struct reading *in, struct str json) {
        struct fact_list *out = &in->facts->image.history;
        struct go_list layers = { 0 };
        struct flaws flaws = { 0 };
        size_t n, oldest;

        json_read_apart(in->arena, &flaws, &layers, &layers_type, json);
        flaws.set &= ~(UINT64_C(1) << FLAW_NUL);
        if (arena_full(in->arena) || flaws_any(&flaws) || !layers.given)
                return false;
        *out = (struct fact_list){ .head.given = true };
        n = fit(&layers, &oldest);
        for (size_t i = n; i-- > 0 && !arena_full(in->arena);) {
                struct str text = i + 1 == n ? str_first(written(&layers, i), oldest) : written(&layers, i);
                const struct history_fact line = read_line(in->arena, text, (int64_t)(layers.n - i));

                FACT_ADD(in->arena, out, line);
        }
        return true;
}
