#include "frame/markup.h"
#include "oscal.h"
#include <stdio.h>

/* -- parts -- */

void oscal_markdown(struct oscal *o, const char *key, struct str text) {
        text_reset(&o->scratch);
        markup_add_markdown(&o->scratch, text);
        json_out_text(&o->j, key, text_str(&o->scratch));
        o->j.out->failed |= o->scratch.failed;
}

static bool is_blank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
}

void oscal_property(struct oscal *o, const char *name, struct str value) {
        while (value.n && is_blank(value.p[0]))
                value = str_skip(value, 1);
        while (value.n && is_blank(value.p[value.n - 1]))
                --value.n;
        if (value.n == 0)
                return;
        json_out_object(&o->j, NULL);
        json_out_words(&o->j, "name", name);
        json_out_words(&o->j, "ns", "https://docksill.example.org/ns/oscal");
        json_out_text(&o->j, "value", value);
        json_out_end_object(&o->j);
}

void oscal_number(struct oscal *o, const char *name, uint64_t value) {
        char digits[24];

        snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);
        oscal_property(o, name, str_from(digits));
}

void oscal_token(struct oscal *o, const char *key, struct str framework, struct str control) {
        struct text *t = &o->scratch;

        text_reset(t);
        text_add(t, framework);
        text_add_char(t, '-');
        text_add(t, control);
        for (size_t i = 0; i < t->n; ++i) {
                char c = t->p[i], lower = ascii_lower(c);

                if (!(lower >= 'a' && lower <= 'z') && !ascii_digit(c) && !memchr(".-_", c, 3))
                        t->p[i] = '_';
        }
        if (t->n && !(ascii_lower(t->p[0]) >= 'a' && ascii_lower(t->p[0]) <= 'z'))
                t->p[0] = '_';
        json_out_text(&o->j, key, text_str(t));
        o->j.out->failed |= t->failed;
}

/* -- names -- */

/* Parts with their lengths: no two lists of parts read alike. */
void oscal_name(struct oscal *o, char uuid[static UUID_SIZE], const char *kind, const struct str *parts, size_t n) {
        text_reset(&o->scratch);
        text_addz(&o->scratch, kind);
        for (size_t i = 0; i < n; ++i) {
                text_addf(&o->scratch, " %zu:", parts[i].n);
                text_add(&o->scratch, parts[i]);
        }
        if (o->scratch.failed || uuid_of(uuid, text_str(&o->scratch)) < 0) {
                uuid[0] = '\0';
                o->j.out->failed = true;
        }
}

void oscal_name_subject(struct oscal *o, char uuid[static UUID_SIZE], size_t index) {
        const struct report_subject *s = &o->r->subjects.items[index];
        const struct str parts[] = { o->r->host, o->r->areas.items[s->area].name, s->kind, s->name, s->id };

        oscal_name(o, uuid, "subject", parts, ARRAY_SIZE(parts));
}

/* A fingerprint is the place's of a check on a subject; the subject's id tells two of one name apart. */
void oscal_name_observation(struct oscal *o, char uuid[static UUID_SIZE], const struct report_finding *f) {
        const struct report_subject *s = &o->r->subjects.items[f->subject];
        const struct str parts[] = { o->r->host,
                                     o->r->checks.items[f->check].id,
                                     o->r->areas.items[s->area].name,
                                     s->kind,
                                     s->name,
                                     s->id,
                                     report_state_name(f->state),
                                     severity_name(f->severity),
                                     f->where,
                                     f->file,
                                     str_from(f->fingerprint) };

        oscal_name(o, uuid, "observation", parts, ARRAY_SIZE(parts));
}

void oscal_name_passes(struct oscal *o, char uuid[static UUID_SIZE], size_t check) {
        const struct str parts[] = { o->r->host, o->r->checks.items[check].id };

        oscal_name(o, uuid, "passes", parts, ARRAY_SIZE(parts));
}

bool oscal_tells(const struct oscal *o, const struct report_finding *f) {
        return o->verbose || f->state < REPORT_NOT_APPLICABLE;
}
