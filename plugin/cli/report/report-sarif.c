/*
 * SARIF 2.1.0, for code scanning: it wants a place in a file for each result, so what is no file (a container) has an
 * address of its own, containers/NAME, the same in each report.
 */
#include "docksill/base/clock.h"
#include "format.h"
#include "frame/json-out.h"
#include <errno.h>

#define NAME_MOST 200 /* bytes of a name in an address */

static const char *level_of(enum severity s) {
        return s >= SEVERITY_HIGH ? "error" : s == SEVERITY_MEDIUM ? "warning" : "note";
}

/* On the scale of CVSS, as code scanning divides it. */
static const char *weight_of(enum severity s) {
        static const char *const weights[SEVERITIES] = { "0.0", "0.0", "2.0", "5.5", "8.0", "9.5" };

        return weights[s];
}

static void add_message(struct json_out *j, const char *key, struct str text) {
        json_out_object(j, key);
        json_out_text(j, "text", text);
        json_out_end_object(j);
}

/* -- rules -- */

static void add_help(struct json_out *j, const struct report_check *c) {
        cleanup_(text_deinit) struct text help;

        text_init(&help);
        text_add(&help, c->title);
        text_addz(&help, c->why.n ? ". Why: " : ".");
        text_add(&help, c->why);
        add_message(j, "help", text_str(&help));
        j->out->failed = j->out->failed || help.failed;
}

static void add_properties(struct json_out *j, const struct report_check *c) {
        cleanup_(text_deinit) struct text tag;

        text_init(&tag);
        json_out_object(j, "properties");
        json_out_list(j, "tags");
        json_out_words(j, NULL, "security");
        for (size_t i = 0; i < c->n_references; ++i) {
                text_reset(&tag);
                text_addf(&tag, "%" STR_FMT "/%" STR_FMT, STR_ARG(c->references[i].framework),
                          STR_ARG(c->references[i].control));
                json_out_text(j, NULL, text_str(&tag));
        }
        json_out_end_list(j);
        if (c->severity > SEVERITY_INFO)
                json_out_words(j, "security-severity", weight_of(c->severity));
        json_out_end_object(j);
        j->out->failed = j->out->failed || tag.failed;
}

static void add_rule(struct json_out *j, const struct report_check *c) {
        json_out_object(j, NULL);
        json_out_text(j, "id", c->id);
        add_message(j, "shortDescription", c->title.n ? c->title : c->id);
        add_message(j, "fullDescription", c->why.n ? c->why : c->title.n ? c->title : c->id);
        add_help(j, c);
        json_out_object(j, "defaultConfiguration");
        json_out_words(j, "level", level_of(c->severity));
        json_out_end_object(j);
        add_properties(j, c);
        json_out_end_object(j);
}

static void add_tool(struct json_out *j, const struct report *r) {
        json_out_object(j, "tool");
        json_out_object(j, "driver");
        json_out_words(j, "name", "docksill");
        json_out_text(j, "version", r->program);
        json_out_list(j, "rules");
        for (size_t i = 0; i < r->checks.n; ++i)
                add_rule(j, &r->checks.items[i]);
        json_out_end_list(j);
        json_out_end_object(j);
        json_out_end_object(j);
}

/* -- what could not be seen -- */

static void add_gap(struct json_out *j, const struct report_gap *g) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_add(&t, g->what);
        text_addz(&t, ": ");
        text_add(&t, g->why);
        json_out_object(j, NULL);
        json_out_words(j, "level", "warning");
        add_message(j, "message", text_str(&t));
        json_out_end_object(j);
        j->out->failed = j->out->failed || t.failed;
}

static void add_invocation(struct json_out *j, const struct report *r) {
        char buffer[40];
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        clock_add_rfc3339(&t, r->at);
        json_out_list(j, "invocations");
        json_out_object(j, NULL);
        json_out_bool(j, "executionSuccessful", true);
        json_out_text(j, "endTimeUtc", text_str(&t));
        json_out_list(j, "toolExecutionNotifications");
        for (size_t i = 0; i < r->gaps.n; ++i)
                add_gap(j, &r->gaps.items[i]);
        json_out_end_list(j);
        json_out_end_object(j);
        json_out_end_list(j);
}

/* -- results -- */

/* The visible form, percent-encoded: no step up, no scheme, one step. Slashes stay in a path. */
static void add_address(struct text *to, struct str s, bool path) {
        cleanup_(text_deinit) struct text shown;

        text_init(&shown);
        text_add_visible(&shown, s, NAME_MOST);
        for (size_t i = 0; i < shown.n; ++i) {
                unsigned char c = (unsigned char)shown.p[i];
                bool plain = ascii_digit((char)c) || (ascii_lower((char)c) >= 'a' && ascii_lower((char)c) <= 'z') ||
                             c == '-' || c == '_' || (path && c == '/') ||
                             (c == '.' && to->n && to->p[to->n - 1] != '/');

                if (plain)
                        text_add_char(to, (char)c);
                else
                        text_addf(to, "%%%02X", c);
        }
        to->failed = to->failed || shown.failed;
}

static void add_places(struct json_out *j, const struct report *r, const struct report_finding *f) {
        const struct report_subject *s = &r->subjects.items[f->subject];
        struct str file = f->file;
        cleanup_(text_deinit) struct text uri, name;

        text_init(&uri);
        text_init(&name);
        while (file.n && file.p[0] == '/')
                file = str_skip(file, 1);
        text_addf(&name, "%" STR_FMT "/", STR_ARG(r->areas.items[s->area].name));
        if (file.n)
                add_address(&uri, file, true);
        else
                text_add(&uri, text_str(&name));
        if (!file.n)
                add_address(&uri, s->name.n ? s->name : s->kind, false);
        text_add(&name, s->name);
        json_out_list(j, "locations");
        json_out_object(j, NULL);
        json_out_object(j, "physicalLocation");
        json_out_object(j, "artifactLocation");
        json_out_text(j, "uri", text_str(&uri));
        json_out_end_object(j);
        json_out_object(j, "region");
        json_out_number(j, "startLine", f->line && file.n ? f->line : 1);
        json_out_end_object(j);
        json_out_end_object(j);
        json_out_list(j, "logicalLocations");
        json_out_object(j, NULL);
        json_out_text(j, "name", s->name);
        json_out_text(j, "fullyQualifiedName", text_str(&name));
        json_out_text(j, "kind", s->kind);
        json_out_end_object(j);
        json_out_end_list(j);
        json_out_end_object(j);
        json_out_end_list(j);
        j->out->failed = j->out->failed || uri.failed || name.failed;
}

static void add_words(struct json_out *j, const struct report *r, const struct report_finding *f) {
        const struct report_subject *s = &r->subjects.items[f->subject];
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_add(&t, s->kind);
        text_add_char(&t, ' ');
        text_add(&t, s->name);
        text_addz(&t, ": ");
        text_add(&t, f->message.n ? f->message : r->checks.items[f->check].title);
        if (f->instances > 1)
                text_addf(&t, " (and %zu more)", f->instances - 1);
        if (f->why.n) {
                text_addz(&t, ". ");
                text_add(&t, f->why);
        }
        if (f->fix.n) {
                text_addz(&t, ". Fix: ");
                text_add(&t, f->fix);
        }
        add_message(j, "message", text_str(&t));
        j->out->failed = j->out->failed || t.failed;
}

static void add_exemption(struct json_out *j, const struct report_finding *f) {
        json_out_list(j, "suppressions");
        json_out_object(j, NULL);
        json_out_words(j, "kind", "external");
        json_out_words(j, "status", "accepted");
        if (f->why.n)
                json_out_text(j, "justification", f->why);
        json_out_end_object(j);
        json_out_end_list(j);
}

static void add_result(struct json_out *j, const struct report *r, const struct report_finding *f) {
        bool fails = f->state == REPORT_FAIL || f->state == REPORT_EXEMPT;

        json_out_object(j, NULL);
        json_out_text(j, "ruleId", r->checks.items[f->check].id);
        json_out_number(j, "ruleIndex", (int64_t)f->check);
        json_out_words(j, "kind",
                       fails                        ? "fail"
                       : f->state == REPORT_UNKNOWN ? "open"
                       : f->state == REPORT_MANUAL  ? "review"
                                                    : "notApplicable");
        /* With any other kind the level has to be none. */
        json_out_words(j, "level", fails ? level_of(f->severity) : "none");
        add_words(j, r, f);
        add_places(j, r, f);
        if (f->fingerprint[0]) {
                json_out_object(j, "partialFingerprints");
                json_out_words(j, "docksill/v1", f->fingerprint);
                json_out_end_object(j);
        }
        if (f->state == REPORT_EXEMPT)
                add_exemption(j, f);
        json_out_object(j, "properties");
        json_out_text(j, "severity", severity_name(f->severity));
        json_out_number(j, "points", f->points);
        json_out_optional(j, "where", f->where);
        json_out_end_object(j);
        json_out_end_object(j);
}

static void add_results(struct json_out *j, const struct report *r) {
        json_out_list(j, "results");
        for (size_t i = 0; i < r->findings.n; ++i)
                if (r->findings.items[i].state < REPORT_NOT_APPLICABLE)
                        add_result(j, r, &r->findings.items[i]);
        json_out_end_list(j);
}

int report_sarif(struct text *out, const struct report *r, bool verbose) {
        struct json_out j;

        (void)verbose;
        json_out_init(&j, out);
        json_out_object(&j, NULL);
        json_out_words(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json_out_words(&j, "version", "2.1.0");
        json_out_list(&j, "runs");
        json_out_object(&j, NULL);
        add_tool(&j, r);
        add_invocation(&j, r);
        json_out_words(&j, "columnKind", "utf16CodeUnits");
        add_results(&j, r);
        json_out_end_object(&j);
        json_out_end_list(&j);
        json_out_end_object(&j);
        json_out_deinit(&j);
        return out->failed ? -ENOMEM : 0;
}
