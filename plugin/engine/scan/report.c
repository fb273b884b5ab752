#include "docksill/base/cleanup.h"
#include "docksill/base/date.h"
#include "report-priv.h"

#define HEX_DIGITS 64

/* -- what is common -- */

static bool is_hex(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if (!ascii_digit(s.p[i]) && (s.p[i] < 'a' || s.p[i] > 'f'))
                        return false;
        return s.n == HEX_DIGITS;
}

struct str scan_image_hex(struct str id) {
        static const struct str marks[] = { STR("sha256:"), STR("sha256%3A") };
        size_t at = str_find_last(id, '@');
        struct str hex = at < id.n ? str_skip(id, at + 1) : id;

        /* A package's address goes on with ?arch=… */
        hex = str_first(hex, str_find(hex, '?'));
        for (size_t i = 0; i < ARRAY_SIZE(marks); ++i)
                if (str_starts(hex, marks[i]))
                        hex = str_skip(hex, marks[i].n);
        return is_hex(hex) ? hex : (struct str){ 0 };
}

/* For one more of those that there are @n of. */
bool reader_has_room(struct reader *r, size_t n) {
        if (n >= SCAN_ITEMS_MOST)
                arena_refuse(r->arena);
        return n < SCAN_ITEMS_MOST;
}

bool reader_add_image(struct reader *r, struct str id) {
        struct str hex = scan_image_hex(id);

        if (!hex.p || str_is_among(hex, r->out->images.items, r->out->images.n))
                return true;
        if (r->out->images.n < SCAN_KEYS_MOST)
                ARENA_ADD(r->arena, &r->out->images, hex);
        return !arena_full(r->arena);
}

bool read_image(struct walk *w, void *to) {
        struct str id = { 0 };

        return walk_string(w, &id) && reader_add_image(to, id);
}

bool reader_add_package(struct reader *r, struct str name) {
        if (!str_empty(name) && reader_has_room(r, r->out->packages.n))
                ARENA_ADD(r->arena, &r->out->packages, name);
        return !arena_full(r->arena);
}

bool reader_add_flaw(struct reader *r, const struct scan_flaw *flaw) {
        r->out->looked = r->out->looked || !str_empty(flaw->id);
        if (!str_empty(flaw->id) && reader_has_room(r, r->out->flaws.n))
                ARENA_ADD(r->arena, &r->out->flaws, *flaw);
        return !arena_full(r->arena);
}

bool read_level(struct walk *w, enum scan_level *out) {
        struct str word = { 0 };

        if (!walk_string(w, &word))
                return false;
        if (scan_level_parse(word) > *out)
                *out = scan_level_parse(word);
        return true;
}

bool read_moment(struct walk *w, struct reader *r) {
        struct str moment = { 0 };

        if (!walk_string(w, &moment))
                return false;
        (void)date_time_parse(moment, &r->out->at); /* else as if it were not there */
        return true;
}

bool has_text(struct walk *w, bool *out) {
        struct str text = { 0 };

        if (!walk_string(w, &text))
                return false;
        *out = *out || !str_empty(text);
        return true;
}

/* {"name": …} */
bool name_member(struct walk *w, void *to, struct str key) {
        return str_eqz(key, "name") || str_eqz(key, "Name") ? walk_string(w, to) : walk_skip(w);
}

/* -- the whole -- */

static bool metadata_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "component"))
                return walk_object(w, to, subject_member);
        if (str_eqz(key, "timestamp"))
                return read_moment(w, to);
        if (str_eqz(key, "ImageID") || str_eqz(key, "RepoDigests"))
                return trivy_metadata_member(w, to, key);
        return walk_skip(w);
}

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
                { "Results", trivy_result },  { "matches", grype_match },     { "vulnerabilities", vulnerability },
                { "packages", read_package }, { "components", read_package }, { "artifacts", read_package },
                { "runs", sarif_run },        { "images", read_image },
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
        read = walk_object(&w, &r, top_member) && walk_ended(&w) && sarif_take_results(&r);
        if (arena_unlatch(arena))
                return "it is too large";
        if (!read)
                return "it is no JSON";
        return r.known ? NULL : "it is no report of a kind that docksill knows";
}
