#include "from-record.h"
#include "docksill/base/text.h"
#include "explain/recorded.h"
#include <errno.h>

#define SHOWN 200

/* One rule as it was found: several parts of a record may be about it. */
struct lifted {
        const struct rule *rule;
        struct draft_only only;
        enum severity up_to;
        bool hard, whole, drawn;
};

struct reading {
        const struct from_record *from;
        struct {
                struct lifted *items;
                size_t n, capacity;
        } lifted;
        struct str *why;
        struct str id; /* of the decision */
};

static printf_(2, 3) int refuse(struct reading *r, const char *fmt, ...) {
        va_list args;
        struct text t;

        text_init_arena(&t, r->from->arena);
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        *r->why = text_str(&t);
        return t.failed ? -ENOMEM : -EPERM;
}

static bool flag(const json_t *map, const char *key) {
        return json_is_true(json_object_get(map, key));
}

/* -- what was found -- */

static bool is_name(const char *name) {
        for (; *name; ++name)
                if (!(ascii_digit(*name) || (*name >= 'a' && *name <= 'z') || *name == '_' || *name == '.' ||
                      *name == '-'))
                        return false;
        return true;
}

static bool add_scalar(struct text *t, const json_t *value) {
        if (json_is_boolean(value))
                text_addz(t, json_is_true(value) ? "true" : "false");
        else if (json_is_string(value))
                text_add_yaml(t, (struct str){ json_string_value(value), json_string_length(value) });
        else
                return false;
        return true;
}

static bool add_value(struct text *t, const json_t *value) {
        if (!json_is_array(value))
                return add_scalar(t, value);
        if (json_array_size(value) == 1)
                return add_scalar(t, json_array_get(value, 0));
        text_addz(t, "{in: [");
        for (size_t i = 0; i < json_array_size(value); ++i) {
                text_addz(t, i ? ", " : "");
                if (!add_scalar(t, json_array_get(value, i)))
                        return false;
        }
        text_addz(t, "]}");
        return json_array_size(value) > 0;
}

/* {"mount.source": ["/srv"]} as conditions; false: it is none. */
static bool take_only(struct reading *r, struct lifted *to, const json_t *only) {
        const char *name;
        json_t *value;
        struct text t;

        text_init_arena(&t, r->from->arena);
        json_object_foreach((json_t *)(uintptr_t)only, name, value) {
                text_addz(&t, t.n ? ", " : "");
                if (!is_name(name))
                        return false;
                text_addf(&t, "%s: ", name);
                if (!add_value(&t, value))
                        return false;
        }
        if (t.failed || t.n == 0)
                return false;
        if (!str_is_among(text_str(&t), to->only.items, to->only.n))
                ARENA_ADD(r->from->arena, &to->only, text_str(&t));
        return true;
}

static int take_evidence(struct reading *r, struct lifted *to, const json_t *finding) {
        const json_t *evidence = json_object_get(finding, "evidence"),
                     *instances = json_object_get(finding, "instances");
        size_t n = json_array_size(evidence);
        struct str id = to->rule->id;

        if (json_is_integer(instances) && json_integer_value(instances) > (json_int_t)n)
                return refuse(r, "%" STR_FMT " found %lld things, and the record tells %zu of them", STR_ARG(id),
                              (long long)json_integer_value(instances), n);
        for (size_t i = 0; i < n; ++i) {
                const json_t *only = json_object_get(json_array_get(evidence, i), "only");

                if (only && take_only(r, to, only))
                        continue;
                if (to->rule->each)
                        return refuse(r,
                                      "the record does not tell what %" STR_FMT " found as an exemption would have to "
                                      "name it (a record of an older docksill, a pattern, or something that nobody "
                                      "could look at)",
                                      STR_ARG(id));
                to->whole = true;
        }
        if (n == 0)
                to->whole = true;
        return to->hard && to->whole ? refuse(r,
                                              "%" STR_FMT " is hard, and the record does not tell the value that it "
                                              "judged by",
                                              STR_ARG(id))
                                     : 0;
}

static int take_finding(struct reading *r, const json_t *finding) {
        const struct rule *rule = ruleset_rule(r->from->rules, recorded_text(finding, "rule"));
        struct lifted *to;

        if (recorded_text(finding, "exempted_by").n || flag(finding, "audit"))
                return 0;
        if (str_eqz(recorded_text(finding, "rule"), ACCESS_RULE))
                return refuse(r, "access closes the operation to the caller; change access: in the environment");
        if (!rule)
                return refuse(r, "there is no rule %" STR_FMT " any more; try the request again",
                              STR_ARG(str_first(recorded_text(finding, "rule"), 63)));
        if (json_integer_value(json_object_get(finding, "points")) == 0 && !flag(finding, "hard"))
                return 0;
        if (rule->fixed)
                return refuse(r,
                              "%" STR_FMT " can't be exempted: it is about a request that can't be read exactly, or "
                              "protects docksill itself",
                              STR_ARG(rule->id));
        to = ARENA_PUSH(r->from->arena, &r->lifted);
        if (!to)
                return -ENOMEM;
        *to = (struct lifted){ .rule = rule, .hard = flag(finding, "hard") };
        if (!severity_parse(recorded_text(finding, "severity"), &to->up_to))
                return refuse(r, "the record is none of docksill's");
        return take_evidence(r, to, finding);
}

/* -- for whom -- */

static bool has_wildcard(struct str s) {
        return str_find(s, '*') < s.n || str_find(s, '?') < s.n;
}

static bool is_id(struct str s) {
        return s.n == 71 && str_starts(s, STR_C("sha256:"));
}

/* "registry/name@sha256:…": the part behind. */
static struct str digest_of(struct str reference) {
        size_t at = str_find(reference, '@');
        struct str digest = at < reference.n ? str_skip(reference, at + 1) : (struct str){ 0 };

        return is_id(digest) ? digest : (struct str){ 0 };
}

static void add_pair(struct text *t, const char *key, struct str value) {
        text_addf(t, "%s%s: ", t->n ? ", " : "", key);
        text_add_yaml(t, value);
}

/* The image as narrowly as it is known. */
static void add_image(struct text *t, const json_t *record) {
        struct str id = recorded_text(record, "image_id"), image = recorded_text(record, "image");

        if (is_id(id))
                add_pair(t, "image.found.id", id);
        else if (digest_of(image).n)
                add_pair(t, "image.digest", digest_of(image));
        else if (image.n)
                add_pair(t, "image.reference", image);
}

/* What a container may be started with is no leave to enter it. */
static void add_operation(struct reading *r, struct text *t) {
        struct str operation = recorded_text(r->from->record, "operation");

        if (str_eqz(operation, "container.start") || str_eqz(operation, "container.restart"))
                text_addz(t, ", request.operation: {in: [container.start, container.restart]}");
}

static int add_soft(struct reading *r, struct text *t) {
        const json_t *record = r->from->record;
        struct str user = recorded_text(record, "user");

        if (user.n && !has_wildcard(user))
                add_pair(t, "user", user);
        add_image(t, record);
        if (t->n == 0 && recorded_text(record, "target_id").n)
                add_pair(t, "target.id", recorded_text(record, "target_id"));
        return t->n ? 0
                    : refuse(r,
                             "nothing in the record is what a caller could not make up: no user of a certificate, no "
                             "image, and no container whose id was looked up");
}

static int add_hard(struct reading *r, struct text *t) {
        const json_t *record = r->from->record;
        struct str user = recorded_text(record, "user"), image = recorded_text(record, "image");

        if (user.n && !has_wildcard(user)) {
                add_pair(t, "user", user);
                add_image(t, record);
        } else if (recorded_text(record, "target_id").n) {
                add_pair(t, "target.id", recorded_text(record, "target_id"));
        } else if (flag(record, "image_as_built") && (digest_of(image).n || is_id(image))) {
                add_pair(t, is_id(image) ? "image.id" : "image.digest", is_id(image) ? image : digest_of(image));
                text_addz(t, ", image.as_built: true");
        } else {
                return refuse(r, "what is hard is lifted for a user of a certificate, or for an image that is named by "
                                 "digest or id and runs as it was built; the record has neither");
        }
        return 0;
}

/* -- in words -- */

static struct str id_of(struct reading *r, const struct lifted *l) {
        struct text t;

        text_init_arena(&t, r->from->arena);
        text_add(&t, str_first(l->whole ? severity_name(l->up_to) : l->rule->id, 40));
        text_addf(&t, "%s-%" STR_FMT, l->hard ? "-hard" : "", STR_ARG(r->id));
        return text_str(&t);
}

static int add_item(struct reading *r, struct text *out, struct lifted *first) {
        struct str *rules = ARENA_ARRAY(r->from->arena, struct str, r->lifted.n);
        struct draft d = { .id = id_of(r, first),
                           .rules = rules,
                           .only = first->whole ? NULL : &first->only,
                           .up_to = first->up_to,
                           .bounded = true,
                           .owner = r->from->owner,
                           .reason = r->from->reason,
                           .day = r->from->day };
        struct text match;
        int e;

        text_init_arena(&match, r->from->arena);
        e = first->hard ? add_hard(r, &match) : add_soft(r, &match);
        if (e < 0)
                return e;
        add_operation(r, &match);
        if (!rules || !d.id.p || match.failed)
                return -ENOMEM;
        d.match = text_str(&match);
        for (struct lifted *l = first; l < r->lifted.items + r->lifted.n; ++l)
                if (l == first || (first->whole && l->whole && !l->hard && l->up_to == first->up_to)) {
                        rules[d.n_rules++] = l->rule->id;
                        l->drawn = true;
                }
        draft_add(out, &d);
        return 0;
}

static void add_remark(struct text *out, const struct reading *r) {
        const json_t *record = r->from->record;

        text_addf(out, "  # Decision %" STR_FMT " of ", STR_ARG(r->id));
        text_add_visible(out, recorded_text(record, "time"), 40);
        text_addz(out, ": ");
        text_add_visible(out, recorded_text(record, "operation"), SHOWN);
        text_addz(out, recorded_text(record, "image").n ? ", image " : "");
        text_add_visible(out, recorded_text(record, "image"), SHOWN);
        text_addz(out, recorded_text(record, "name").n ? ", name " : "");
        text_add_visible(out, recorded_text(record, "name"), SHOWN);
        text_addz(out,
                  ".\n  # All that counted then, with its values; it holds while nothing else is found. The record "
                  "has no body, so it was not tried.\n");
}

int from_record_add(struct text *out, const struct from_record *from, struct str *why) {
        const json_t *findings = json_object_get(from->record, "findings");
        struct reading r = { .from = from, .why = why, .id = recorded_text(from->record, "decision_id") };
        cleanup_(text_deinit) struct text items;
        int e = 0;

        text_init(&items);
        if (!str_eqz(recorded_text(from->record, "would"), "deny"))
                return refuse(&r, "the decision refuses nothing, so there is nothing to exempt");
        arena_latch(from->arena);
        for (size_t i = 0; e == 0 && i < json_array_size(findings); ++i)
                e = take_finding(&r, json_array_get(findings, i));
        if (arena_unlatch(from->arena))
                return -ENOMEM;
        if (e == 0 && (r.lifted.n == 0 || flag(from->record, "incomplete")))
                e = refuse(&r, "the record does not tell all that was found");
        add_remark(&items, &r);
        for (size_t i = 0; e == 0 && i < r.lifted.n; ++i)
                if (!r.lifted.items[i].drawn)
                        e = add_item(&r, &items, &r.lifted.items[i]);
        if (e == 0)
                text_add(out, text_str(&items));
        return e < 0 ? e : items.failed || out->failed ? -ENOMEM : 0;
}
