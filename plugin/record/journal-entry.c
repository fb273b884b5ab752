/*
 * Made of the line and not of the decision: so the decision thread has nothing to do with it, and what was added to the
 * line on its way, its place in the chain, is there too.
 */
#include "journal-entry.h"
#include "docksill/wire/gojson.h"
#include "journal-socket.h"

#define NAME_SHOWN  128 /* bytes, of foreign text in the sentence */
#define VALUE_SHOWN 1024
#define RULES_SHOWN 4  /* in the sentence */
#define RULES_MOST  64 /* fields */

struct told_finding {
        bool given;
        struct go_string rule;
};

/* What an entry says of a line. */
struct told {
        bool given;
        struct go_string schema, event, id, environment, mode, operation, path, user, verdict, would, answer, gate,
                image, name, version, rules_digest, config_digest;
        struct go_int seq, link, points, rules, lost, refused, torn;
        struct go_bool last_good;
        struct go_list findings; /* of told_finding */
};

static const struct gojson_field finding_fields[] = {
        { .name = STR("rule"), .type = &gojson_string, .at = offsetof(struct told_finding, rule) },
};
static const struct gojson_type finding_type = { .kind = GOJSON_STRUCT,
                                                 .size = sizeof(struct told_finding),
                                                 .fields = finding_fields,
                                                 .n_fields = ARRAY_SIZE(finding_fields) };
static const struct gojson_type findings_type = { .kind = GOJSON_LIST,
                                                  .size = sizeof(struct go_list),
                                                  .element = &finding_type };

#define TEXT(key, member)                                                                                              \
        { .name = STR(key), .type = &gojson_string, .at = offsetof(struct told, member) }
#define NUMBER(key, member)                                                                                            \
        { .name = STR(key), .type = &gojson_int64, .at = offsetof(struct told, member) }

/* In the order of record.c. */
static const struct gojson_field told_fields[] = {
        TEXT("schema", schema),
        NUMBER("seq", seq),
        TEXT("decision_id", id),
        TEXT("event", event),
        TEXT("version", version),
        TEXT("environment", environment),
        TEXT("mode", mode),
        TEXT("operation", operation),
        TEXT("path", path),
        TEXT("user", user),
        TEXT("verdict", verdict),
        TEXT("would", would),
        TEXT("answer", answer),
        TEXT("gate", gate),
        NUMBER("points", points),
        { .name = STR("findings"), .type = &findings_type, .at = offsetof(struct told, findings) },
        TEXT("image", image),
        TEXT("name", name),
        { .name = STR("last_good"), .type = &gojson_bool, .at = offsetof(struct told, last_good) },
        NUMBER("rules", rules),
        TEXT("rules_digest", rules_digest),
        TEXT("config_digest", config_digest),
        NUMBER("lost", lost),
        NUMBER("refused", refused),
        NUMBER("torn", torn),
        NUMBER("link", link),
};
static const struct gojson_type told_type = {
        .kind = GOJSON_STRUCT, .size = sizeof(struct told), .fields = told_fields, .n_fields = ARRAY_SIZE(told_fields)
};

/* Which fields an entry has, where the line tells them. */
static const struct {
        const char *name;
        size_t at;
} texts[] = {
        { "DOCKSILL_SCHEMA", offsetof(struct told, schema) },
        { "DOCKSILL_EVENT", offsetof(struct told, event) },
        { "DOCKSILL_DECISION_ID", offsetof(struct told, id) },
        { "DOCKSILL_ENVIRONMENT", offsetof(struct told, environment) },
        { "DOCKSILL_MODE", offsetof(struct told, mode) },
        { "DOCKSILL_OPERATION", offsetof(struct told, operation) },
        { "DOCKSILL_PATH", offsetof(struct told, path) },
        { "DOCKSILL_USER", offsetof(struct told, user) },
        { "DOCKSILL_VERDICT", offsetof(struct told, verdict) },
        { "DOCKSILL_WOULD", offsetof(struct told, would) },
        { "DOCKSILL_ANSWER", offsetof(struct told, answer) },
        { "DOCKSILL_GATE", offsetof(struct told, gate) },
        { "DOCKSILL_IMAGE", offsetof(struct told, image) },
        { "DOCKSILL_NAME", offsetof(struct told, name) },
        { "DOCKSILL_VERSION", offsetof(struct told, version) },
        { "DOCKSILL_RULES_DIGEST", offsetof(struct told, rules_digest) },
        { "DOCKSILL_CONFIG_DIGEST", offsetof(struct told, config_digest) },
};
static const struct {
        const char *name;
        size_t at;
} numbers[] = {
        { "DOCKSILL_SEQ", offsetof(struct told, seq) },
        { "DOCKSILL_LINK", offsetof(struct told, link) },
        { "DOCKSILL_POINTS", offsetof(struct told, points) },
        { "DOCKSILL_LOST", offsetof(struct told, lost) },
        { "DOCKSILL_LOST_REFUSED", offsetof(struct told, refused) },
};

static bool read_line(struct told *out, struct arena *arena, struct str line) {
        struct flaws flaws = { 0 };
        struct gojson_report report = { .flaws = &flaws };

        return gojson_decode(out, &told_type, arena, &report, line, (struct str){ NULL, 0 }) == 0 &&
               !flaws_have(&flaws, FLAW_MALFORMED_JSON) && out->given &&
               str_starts(out->schema.value, STR_C("docksill."));
}

static bool is(const struct go_string *s, const char *word) {
        return str_eqz(s->value, word);
}

static enum journal_kind kind_of_start(const struct told *t) {
        if (is(&t->event, "reload"))
                return KIND_RELOAD;
        if (is(&t->event, "reload-failed"))
                return KIND_RELOAD_FAILED;
        if (is(&t->event, "step"))
                return KIND_STEP;
        return t->last_good.value ? KIND_LAST_GOOD : KIND_START;
}

static enum journal_kind kind_of(const struct told *t) {
        if (is(&t->schema, "docksill.start/1"))
                return kind_of_start(t);
        if (is(&t->schema, "docksill.stop/1"))
                return KIND_STOP;
        if (is(&t->schema, "docksill.loss/1"))
                return KIND_LOST;
        if (is(&t->schema, "docksill.mend/1"))
                return KIND_MENDED;
        if (!is(&t->schema, "docksill.record/1"))
                return KIND_OTHER;
        if (is(&t->answer, "deny"))
                return KIND_REFUSED;
        if (is(&t->would, "deny"))
                return KIND_WOULD_REFUSE;
        return is(&t->verdict, "allow") ? KIND_ALLOWED : KIND_WARNED;
}

static bool is_wanted(enum journal_kind kind, enum journal_wants wants) {
        if (wants == JOURNAL_REFUSALS)
                return kind != KIND_ALLOWED && kind != KIND_WARNED;
        return wants == JOURNAL_ALL;
}

static void add_name(struct text *t, const char *before, struct str name) {
        if (str_empty(name))
                return;
        text_addz(t, before);
        text_add_visible(t, name, NAME_SHOWN);
}

static struct str rule_of(const struct told *t, size_t i) {
        const struct told_finding *finding = gojson_item(&t->findings, i, sizeof(*finding));

        return finding->rule.value;
}

static void add_rules(struct text *t, const struct told *told) {
        for (size_t i = 0; i < told->findings.n && i < RULES_SHOWN; ++i)
                add_name(t, i == 0 ? ": " : ", ", rule_of(told, i));
        if (told->findings.n > RULES_SHOWN)
                text_addf(t, " and %zu more", told->findings.n - RULES_SHOWN);
}

/* "refused: container.create of nginx:1.27 by alice, 120 points in production, gate hard: privileged; decision …" */
static void add_decision(struct text *t, const struct told *told) {
        bool named = !str_empty(told->image.value) || !str_empty(told->name.value);

        add_name(t, ": ", told->operation.value);
        add_name(t, " of ", told->image.value);
        if (str_empty(told->image.value))
                add_name(t, " of ", told->name.value);
        if (!named)
                add_name(t, " at ", told->path.value);
        add_name(t, " by ", told->user.value);
        text_addf(t, ", %lld points", (long long)told->points.value);
        add_name(t, " in ", told->environment.value);
        if (!is(&told->gate, "none"))
                add_name(t, ", gate ", told->gate.value);
        add_rules(t, told);
        add_name(t, "; decision ", told->id.value);
}

static void add_force(struct text *t, const struct told *told) {
        add_name(t, ": environment ", told->environment.value);
        add_name(t, ", mode ", told->mode.value);
        text_addf(t, ", %lld rules", (long long)told->rules.value);
}

static void add_sentence(struct text *t, const struct told *told, enum journal_kind kind) {
        switch (kind) {
        case KIND_REFUSED:
        case KIND_WARNED:
        case KIND_ALLOWED:
                text_addz(t, journal_kinds[kind].name);
                add_decision(t, told);
                break;
        case KIND_WOULD_REFUSE:
                add_name(t, "would be refused, but the mode is ", told->mode.value);
                add_decision(t, told);
                break;
        case KIND_START:
                add_name(t, "has started, version ", told->version.value);
                add_force(t, told);
                break;
        case KIND_LAST_GOOD:
                add_name(t, "has started with the last good set, since its files are bad, version ",
                         told->version.value);
                add_force(t, told);
                break;
        case KIND_RELOAD:
                text_addz(t, "reloaded");
                add_force(t, told);
                break;
        case KIND_RELOAD_FAILED:
                text_addz(t, "a reload changed nothing, since its files are bad; in force stays");
                add_force(t, told);
                break;
        case KIND_STEP:
                text_addz(t, "a step has begun");
                add_force(t, told);
                break;
        case KIND_STOP:
                text_addf(t, "has ended in order after record %lld, %lld lost", (long long)told->seq.value,
                          (long long)told->lost.value);
                break;
        case KIND_LOST:
                text_addf(t, "%lld records are lost, %lld of them of refusals: there was no room for them",
                          (long long)told->lost.value, (long long)told->refused.value);
                break;
        case KIND_MENDED:
                text_addf(t,
                          "the record before this one is torn: a process was killed while it wrote it; %lld bytes of "
                          "it are there",
                          (long long)told->torn.value);
                break;
        case KIND_OTHER: add_name(t, "", told->schema.value); break;
        case KIND_MISSED:
        case KINDS: break;
        }
}

static void add_common(struct text *entry, enum journal_kind kind, struct str sentence) {
        const char priority = (char)('0' + journal_kinds[kind].priority);

        journal_field_add(entry, "MESSAGE", sentence);
        journal_field_add(entry, "MESSAGE_ID", str_from(journal_kinds[kind].id));
        journal_field_add(entry, "PRIORITY", (struct str){ &priority, 1 });
        journal_field_add(entry, "SYSLOG_FACILITY", STR_C("10")); /* authpriv: security, for few eyes */
        journal_field_add(entry, "SYSLOG_IDENTIFIER", STR_C("docksill"));
}

static void add_visible_field(struct text *entry, const char *name, struct str value, struct text *scratch) {
        if (str_empty(value))
                return;
        text_reset(scratch);
        text_add_visible(scratch, value, VALUE_SHOWN);
        journal_field_add(entry, name, text_str(scratch));
        entry->failed = entry->failed || scratch->failed;
}

static void add_fields(struct text *entry, const struct told *told, struct text *scratch) {
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i)
                add_visible_field(entry, texts[i].name,
                                  ((const struct go_string *)((const char *)told + texts[i].at))->value, scratch);
        for (size_t i = 0; i < ARRAY_SIZE(numbers); ++i) {
                const struct go_int *number = (const struct go_int *)((const char *)told + numbers[i].at);

                if (!number->given)
                        continue;
                text_reset(scratch);
                text_add_int(scratch, number->value);
                journal_field_add(entry, numbers[i].name, text_str(scratch));
        }
        /* One of each: the journal's fields may be there more than once. */
        for (size_t i = 0; i < told->findings.n && i < RULES_MOST; ++i)
                add_visible_field(entry, "DOCKSILL_RULE", rule_of(told, i), scratch);
}

bool journal_entry_add(struct text *entry, struct arena *arena, struct str line, enum journal_wants wants) {
        struct told told = { 0 };
        enum journal_kind kind;
        struct text scratch;

        arena_reset(arena);
        if (line.n && line.p[line.n - 1] == '\n')
                --line.n;
        if (wants == JOURNAL_OFF || !read_line(&told, arena, line))
                return false;
        kind = kind_of(&told);
        if (!is_wanted(kind, wants))
                return false;
        text_init_arena(&scratch, arena);
        add_sentence(&scratch, &told, kind);
        add_common(entry, kind, text_str(&scratch));
        add_fields(entry, &told, &scratch);
        journal_field_add(entry, "DOCKSILL_RECORD", line);
        entry->failed = entry->failed || scratch.failed;
        return true;
}

void journal_entry_add_missed(struct text *entry, uint64_t missed) {
        char sentence[160];
        struct text t;

        text_init_fixed(&t, sentence, sizeof(sentence));
        text_addf(&t, "%llu entries are missing here: the journal did not take them; the record file has them",
                  (unsigned long long)missed);
        add_common(entry, KIND_MISSED, text_str(&t));
        text_reset(&t);
        text_addf(&t, "%llu", (unsigned long long)missed);
        journal_field_add(entry, "DOCKSILL_MISSED", text_str(&t));
}
