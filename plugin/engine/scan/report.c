/*
 * One walk for all forms: their members have different names, and where they share one its value tells them apart.
 *
 * Sources: trivy pkg/types/report.go, grype grype/presenter/models, claircore vulnerabilityreport.go, SARIF 2.1.0,
 * CycloneDX 1.5, SPDX 2.3.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/date.h"
#include "docksill/engine/scan.h"
#include "walk.h"

#define HEX_DIGITS 64

/* A rule of a SARIF log: the severity of what it finds. */
struct sarif_rule {
        struct str id;
        enum scan_level level;
};

struct reader {
        struct arena *arena;
        struct scan_report *out;
        bool known; /* one of the forms */
        struct {
                struct sarif_rule *items;
                size_t n, capacity;
        } rules;
        struct {
                struct str *items;
                size_t n, capacity;
        } results; /* rule ids of a SARIF log */
};

/* -- what is common -- */

static bool is_hex(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if (!ascii_digit(s.p[i]) && (s.p[i] < 'a' || s.p[i] > 'f'))
                        return false;
        return s.n == HEX_DIGITS;
}

struct str scan_image_hex(struct str id) {
        static const struct str marks[] = { STR("sha256:"), STR("sha256%3A") };
        struct str hex = id;

        for (size_t i = 0; i < ARRAY_SIZE(marks); ++i) {
                size_t at = str_search(id, marks[i]);

                if (at < id.n)
                        hex = str_first(str_skip(id, at + marks[i].n), HEX_DIGITS);
        }
        return is_hex(hex) ? hex : (struct str){ 0 };
}

/* For one more of those that there are @n of. */
static bool has_room(struct reader *r, size_t n) {
        if (n >= SCAN_ITEMS_MOST)
                arena_refuse(r->arena);
        return n < SCAN_ITEMS_MOST;
}

static bool add_image(struct reader *r, struct str id) {
        struct str hex = scan_image_hex(id);

        if (!hex.p || str_is_among(hex, r->out->images.items, r->out->images.n))
                return true;
        if (r->out->images.n < SCAN_KEYS_MOST)
                ARENA_ADD(r->arena, &r->out->images, hex);
        return !arena_full(r->arena);
}

static bool read_image(struct walk *w, void *to) {
        struct str id = { 0 };

        return walk_string(w, &id) && add_image(to, id);
}

static bool add_package(struct reader *r, struct str name) {
        if (!str_empty(name) && has_room(r, r->out->packages.n))
                ARENA_ADD(r->arena, &r->out->packages, name);
        return !arena_full(r->arena);
}

static bool add_flaw(struct reader *r, const struct scan_flaw *flaw) {
        if (!str_empty(flaw->id) && has_room(r, r->out->flaws.n))
                ARENA_ADD(r->arena, &r->out->flaws, *flaw);
        return !arena_full(r->arena);
}

static bool read_level(struct walk *w, enum scan_level *out) {
        struct str word = { 0 };

        if (!walk_string(w, &word))
                return false;
        if (scan_level_parse(word) > *out)
                *out = scan_level_parse(word);
        return true;
}

static bool read_moment(struct walk *w, struct reader *r) {
        struct str moment = { 0 };

        if (!walk_string(w, &moment))
                return false;
        (void)date_time_parse(moment, &r->out->at); /* else as if it were not there */
        return true;
}

static bool has_text(struct walk *w, bool *out) {
        struct str text = { 0 };

        if (!walk_string(w, &text))
                return false;
        *out = *out || !str_empty(text);
        return true;
}

/* {"name": …} */
static bool name_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "name") || str_eqz(key, "Name") ? walk_string(w, to) : walk_skip(w);
}

/* -- Trivy -- */

static bool trivy_flaw_member(struct walk *w, void *to, struct str key) {
        struct scan_flaw *flaw = to;

        if (str_eqz(key, "VulnerabilityID"))
                return walk_string(w, &flaw->id);
        if (str_eqz(key, "PkgName"))
                return walk_string(w, &flaw->package);
        if (str_eqz(key, "Severity"))
                return read_level(w, &flaw->level);
        if (str_eqz(key, "FixedVersion"))
                return has_text(w, &flaw->fixable);
        return walk_skip(w);
}

static bool trivy_flaw(struct walk *w, void *to) {
        struct scan_flaw flaw = { 0 };

        return walk_object(w, &flaw, trivy_flaw_member) && add_flaw(to, &flaw);
}

static bool trivy_secret(struct walk *w, void *to) {
        struct reader *r = to;

        ++r->out->secrets;
        return walk_skip(w);
}

static bool package(struct walk *w, void *to);

static bool trivy_result_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "Vulnerabilities"))
                return walk_array(w, to, trivy_flaw);
        if (str_eqz(key, "Packages"))
                return walk_array(w, to, package);
        if (str_eqz(key, "Secrets"))
                return walk_array(w, to, trivy_secret);
        return walk_skip(w);
}

static bool trivy_result(struct walk *w, void *to) {
        return walk_object(w, to, trivy_result_member);
}

static bool trivy_metadata_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "ImageID"))
                return read_image(w, to);
        if (str_eqz(key, "RepoDigests"))
                return walk_array(w, to, read_image);
        return walk_skip(w);
}

/* -- Grype, Syft -- */

static bool grype_fix_member(struct walk *w, void *to, struct str key) {
        struct scan_flaw *flaw = to;
        struct str state = { 0 };

        if (!str_eqz(key, "state"))
                return walk_skip(w);
        if (!walk_string(w, &state))
                return false;
        flaw->fixable = str_eqz(state, "fixed");
        return true;
}

static bool grype_vulnerability_member(struct walk *w, void *to, struct str key) {
        struct scan_flaw *flaw = to;

        if (str_eqz(key, "id"))
                return walk_string(w, &flaw->id);
        if (str_eqz(key, "severity"))
                return read_level(w, &flaw->level);
        if (str_eqz(key, "fix"))
                return walk_object(w, flaw, grype_fix_member);
        return walk_skip(w);
}

static bool grype_match_member(struct walk *w, void *to, struct str key) {
        struct scan_flaw *flaw = to;

        if (str_eqz(key, "vulnerability"))
                return walk_object(w, flaw, grype_vulnerability_member);
        if (str_eqz(key, "artifact"))
                return walk_object(w, &flaw->package, name_member);
        return walk_skip(w);
}

static bool grype_match(struct walk *w, void *to) {
        struct scan_flaw flaw = { 0 };

        return walk_object(w, &flaw, grype_match_member) && add_flaw(to, &flaw);
}

static bool source_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "target") || str_eqz(key, "metadata"))
                return walk_object(w, to, source_member);
        if (str_eqz(key, "imageID") || str_eqz(key, "manifestDigest"))
                return read_image(w, to);
        if (str_eqz(key, "repoDigests"))
                return walk_array(w, to, read_image);
        return walk_skip(w);
}

static bool descriptor_member(struct walk *w, void *to, struct str key) {
        struct reader *r = to;

        if (str_eqz(key, "name"))
                return walk_string(w, &r->out->scanner);
        if (str_eqz(key, "timestamp"))
                return read_moment(w, r);
        return walk_skip(w);
}

/* -- Clair, CycloneDX, docksill's own: all have "vulnerabilities" -- */

static bool rating_member(struct walk *w, void *to, struct str key) {
        struct scan_flaw *flaw = to;

        return str_eqz(key, "severity") ? read_level(w, &flaw->level) : walk_skip(w);
}

static bool rating(struct walk *w, void *to) {
        return walk_object(w, to, rating_member);
}

/* Of Clair an object, of docksill's own form the name. */
static bool package_name(struct walk *w, void *to) {
        struct json first = w->json;
        enum json_token token = json_next(&w->json);

        w->json = first;
        return token == TOKEN_OBJECT ? walk_object(w, to, name_member) : walk_string(w, to);
}

struct vulnerability {
        struct scan_flaw flaw;
        struct str name; /* Clair's id is its own, the name is the CVE's */
        bool normalized;
};

static bool vulnerability_member(struct walk *w, void *to, struct str key) {
        struct vulnerability *v = to;

        if (str_eqz(key, "id"))
                return walk_string(w, &v->flaw.id);
        if (str_eqz(key, "name"))
                return walk_string(w, &v->name);
        if (str_eqz(key, "package"))
                return package_name(w, &v->flaw.package);
        if (str_eqz(key, "severity"))
                return v->normalized ? walk_skip(w) : read_level(w, &v->flaw.level);
        if (str_eqz(key, "normalized_severity")) {
                v->normalized = true;
                v->flaw.level = SCAN_UNKNOWN;
                return read_level(w, &v->flaw.level);
        }
        if (str_eqz(key, "fixed_in_version") || str_eqz(key, "recommendation"))
                return has_text(w, &v->flaw.fixable);
        if (str_eqz(key, "fixed"))
                return walk_flag(w, &v->flaw.fixable);
        if (str_eqz(key, "ratings"))
                return walk_array(w, &v->flaw, rating);
        return walk_skip(w);
}

static bool vulnerability(struct walk *w, void *to) {
        struct reader *r = to;
        struct vulnerability v = { 0 };

        if (!walk_object(w, &v, vulnerability_member))
                return false;
        if (!str_empty(v.name))
                v.flaw.id = v.name;
        return add_flaw(r, &v.flaw);
}

/* -- packages: names, or objects with one -- */

/* SPDX says of a package by what others know it: of the image itself too. */
static bool reference_member(struct walk *w, void *to, struct str key) {
        struct str locator = { 0 };

        if (!str_eqz(key, "referenceLocator") && !str_eqz(key, "purl"))
                return walk_skip(w);
        if (!walk_string(w, &locator))
                return false;
        return str_starts(locator, STR_C("pkg:oci/")) ? add_image(to, locator) : true;
}

static bool reference(struct walk *w, void *to) {
        return walk_object(w, to, reference_member);
}

struct listed {
        struct reader *reader;
        struct str name;
};

static bool package_member(struct walk *w, void *to, struct str key) {
        struct listed *p = to;

        if (str_eqz(key, "externalRefs"))
                return walk_array(w, p->reader, reference);
        return name_member(w, &p->name, key);
}

static bool package(struct walk *w, void *to) {
        struct listed p = { .reader = to };
        struct json first = w->json;
        enum json_token token = json_next(&w->json);

        w->json = first;
        if (!(token == TOKEN_OBJECT ? walk_object(w, &p, package_member) : walk_string(w, &p.name)))
                return false;
        return add_package(to, p.name);
}

/* -- CycloneDX -- */

struct property {
        struct str name, value;
};

static bool property_member(struct walk *w, void *to, struct str key) {
        struct property *p = to;

        if (str_eqz(key, "value"))
                return walk_string(w, &p->value);
        return name_member(w, &p->name, key);
}

static bool property(struct walk *w, void *to) {
        struct property p = { 0 };

        if (!walk_object(w, &p, property_member))
                return false;
        return str_ends(p.name, STR_C(":ImageID")) || str_ends(p.name, STR_C(":RepoDigest")) ? add_image(to, p.value)
                                                                                             : true;
}

static bool subject_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "version"))
                return read_image(w, to);
        if (str_eqz(key, "properties"))
                return walk_array(w, to, property);
        return reference_member(w, to, key);
}

static bool metadata_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "component"))
                return walk_object(w, to, subject_member);
        if (str_eqz(key, "timestamp"))
                return read_moment(w, to);
        if (str_eqz(key, "ImageID") || str_eqz(key, "RepoDigests"))
                return trivy_metadata_member(w, to, key);
        return walk_skip(w);
}

/* -- SARIF -- */

/* A score of CVSS as text, "9.8": the levels of its version 3. */
static enum scan_level level_of_score(struct str score) {
        int64_t whole;
        struct str rest = score;

        if (str_int(str_cut(&rest, '.'), &whole) < 0)
                return SCAN_UNKNOWN;
        return whole >= 9 ? SCAN_CRITICAL : whole >= 7 ? SCAN_HIGH : whole >= 4 ? SCAN_MEDIUM : SCAN_LOW;
}

static bool rule_properties_member(struct walk *w, void *to, struct str key) {
        struct sarif_rule *rule = to;
        struct str score = { 0 };

        if (!str_eqz(key, "security-severity"))
                return walk_skip(w);
        if (!walk_string(w, &score))
                return false;
        rule->level = level_of_score(score);
        return true;
}

static bool rule_member(struct walk *w, void *to, struct str key) {
        struct sarif_rule *rule = to;

        if (str_eqz(key, "id"))
                return walk_string(w, &rule->id);
        if (str_eqz(key, "properties"))
                return walk_object(w, rule, rule_properties_member);
        return walk_skip(w);
}

static bool sarif_rule(struct walk *w, void *to) {
        struct reader *r = to;
        struct sarif_rule rule = { 0 };

        if (!walk_object(w, &rule, rule_member))
                return false;
        if (has_room(r, r->rules.n))
                ARENA_ADD(r->arena, &r->rules, rule);
        return !arena_full(r->arena);
}

static bool driver_member(struct walk *w, void *to, struct str key) {
        struct reader *r = to;

        if (str_eqz(key, "name"))
                return walk_string(w, &r->out->scanner);
        return str_eqz(key, "rules") ? walk_array(w, to, sarif_rule) : walk_skip(w);
}

static bool tool_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "driver") ? walk_object(w, to, driver_member) : walk_skip(w);
}

static bool result_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "ruleId") ? walk_string(w, to) : walk_skip(w);
}

static bool sarif_result(struct walk *w, void *to) {
        struct reader *r = to;
        struct str id = { 0 };

        if (!walk_object(w, &id, result_member))
                return false;
        if (has_room(r, r->results.n))
                ARENA_ADD(r->arena, &r->results, id);
        return !arena_full(r->arena);
}

static bool run_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "tool"))
                return walk_object(w, to, tool_member);
        if (str_eqz(key, "results"))
                return walk_array(w, to, sarif_result);
        return str_eqz(key, "properties") ? walk_object(w, to, source_member) : walk_skip(w);
}

static bool sarif_run(struct walk *w, void *to) {
        return walk_object(w, to, run_member);
}

static int compare_rules(const void *a, const void *b) {
        return str_cmp(((const struct sarif_rule *)a)->id, ((const struct sarif_rule *)b)->id);
}

/* What a result's rule says of it stands anywhere in the log. */
static bool take_results(struct reader *r) {
        if (r->rules.n)
                qsort(r->rules.items, r->rules.n, sizeof(*r->rules.items), compare_rules);
        for (size_t i = 0; i < r->results.n; ++i) {
                const struct sarif_rule wanted = { .id = r->results.items[i] }, *rule;
                struct scan_flaw flaw = { .id = wanted.id };

                rule = r->rules.n ? bsearch(&wanted, r->rules.items, r->rules.n, sizeof(wanted), compare_rules) : NULL;
                flaw.level = rule ? rule->level : SCAN_UNKNOWN;
                if (!add_flaw(r, &flaw))
                        return false;
        }
        return true;
}

/* -- the whole -- */

/* Members by which a form is known. */
static void know(struct reader *r, struct str key) {
        static const struct {
                const char *key, *scanner;
                bool looked;
        } marks[] = {
                { "SchemaVersion", "trivy", true }, { "matches", "grype", true },
                { "manifest_hash", "clair", true }, { "runs", "", true },
                { "spdxVersion", "spdx", false },   { "bomFormat", "cyclonedx", false },
                { "artifacts", "syft", false },
        };

        for (size_t i = 0; i < ARRAY_SIZE(marks); ++i)
                if (str_eqz(key, marks[i].key)) {
                        r->known = true;
                        r->out->looked = r->out->looked || marks[i].looked;
                        if (str_empty(r->out->scanner))
                                r->out->scanner = str_from(marks[i].scanner);
                }
}

static bool read_schema(struct walk *w, struct reader *r) {
        struct str schema = { 0 };

        if (!walk_string(w, &schema))
                return false;
        r->known = r->known || str_eqz(schema, SCAN_SCHEMA);
        return true;
}

static bool creation_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "created") ? read_moment(w, to) : walk_skip(w);
}

static bool list_member(struct walk *w, struct reader *r, struct str key, bool *read) {
        static const struct {
                const char *key;
                walk_item *item;
        } lists[] = {
                { "Results", trivy_result }, { "matches", grype_match }, { "vulnerabilities", vulnerability },
                { "packages", package },     { "components", package },  { "artifacts", package },
                { "runs", sarif_run },       { "images", read_image },
        };

        for (size_t i = 0; i < ARRAY_SIZE(lists); ++i)
                if (str_eqz(key, lists[i].key)) {
                        *read = walk_each(w, r, lists[i].item);
                        return true;
                }
        return false;
}

static bool top_member(struct walk *w, void *to, struct str key) {
        struct reader *r = to;
        bool read;

        know(r, key);
        r->out->looked = r->out->looked || str_eqz(key, "vulnerabilities"); /* an empty list too */
        if (list_member(w, r, key, &read))
                return read;
        if (str_eqz(key, "schema"))
                return read_schema(w, r);
        if (str_eqz(key, "scanner"))
                return walk_string(w, &r->out->scanner);
        if (str_eqz(key, "CreatedAt") || str_eqz(key, "at"))
                return read_moment(w, r);
        if (str_eqz(key, "secrets"))
                return walk_count(w, &r->out->secrets);
        if (str_eqz(key, "manifest_hash"))
                return read_image(w, r);
        if (str_eqz(key, "Metadata") || str_eqz(key, "metadata"))
                return walk_object(w, r, metadata_member);
        if (str_eqz(key, "source"))
                return walk_object(w, r, source_member);
        if (str_eqz(key, "descriptor"))
                return walk_object(w, r, descriptor_member);
        if (str_eqz(key, "creationInfo"))
                return walk_object(w, r, creation_member);
        return walk_skip(w);
}

const char *scan_report_read(struct scan_report *out, struct arena *arena, struct str json) {
        struct reader r = { .arena = arena, .out = out };
        struct walk w;
        bool read;

        arena_latch(arena);
        walk_init(&w, arena, json);
        read = walk_object(&w, &r, top_member) && walk_ended(&w) && take_results(&r);
        if (arena_unlatch(arena))
                return "it is too large";
        if (!read)
                return "it is no JSON";
        return r.known ? NULL : "it is no report of a kind that docksill knows";
}

/* -- the catalogue of those that are exploited -- */

struct catalogue {
        struct scan_ids *ids;
        struct arena *arena;
        bool known;
};

static bool entry_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "cveID") ? walk_string(w, to) : walk_skip(w);
}

static bool entry(struct walk *w, void *to) {
        const struct catalogue *c = to;
        struct str id = { 0 };

        if (!walk_object(w, &id, entry_member))
                return false;
        if (c->ids->n == SCAN_ITEMS_MOST)
                arena_refuse(c->arena);
        else if (!str_empty(id))
                ARENA_ADD(c->arena, c->ids, id);
        return !arena_full(c->arena);
}

static bool catalogue_member(struct walk *w, void *to, struct str key) {
        struct catalogue *c = to;

        c->known = c->known || str_eqz(key, "catalogVersion");
        return str_eqz(key, "vulnerabilities") ? walk_array(w, to, entry) : walk_skip(w);
}

static int compare_ids(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool scan_exploited_read(struct scan_ids *out, struct arena *arena, struct str json) {
        struct catalogue c = { out, arena, false };
        struct walk w;
        bool read;

        arena_latch(arena);
        walk_init(&w, arena, json);
        read = walk_object(&w, &c, catalogue_member) && walk_ended(&w);
        if (arena_unlatch(arena) || !read || !c.known)
                return false;
        if (out->n)
                qsort(out->items, out->n, sizeof(*out->items), compare_ids);
        return true;
}
