/*
 * What scanners found: Trivy (pkg/types/report.go), Grype and Syft (grype/presenter/models), Clair (claircore
 * vulnerabilityreport.go), and docksill's own form.
 */
#include "report-priv.h"

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

        return walk_object(w, &flaw, trivy_flaw_member) && reader_add_flaw(to, &flaw);
}

static bool trivy_secret(struct walk *w, void *to) {
        struct reader *r = to;

        ++r->out->secrets;
        return walk_skip(w);
}

static bool trivy_result_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "Vulnerabilities"))
                return walk_array(w, to, trivy_flaw);
        if (str_eqz(key, "Packages"))
                return walk_array(w, to, read_package);
        if (str_eqz(key, "Secrets"))
                return walk_array(w, to, trivy_secret);
        return walk_skip(w);
}

bool trivy_result(struct walk *w, void *to) {
        return walk_object(w, to, trivy_result_member);
}

bool trivy_metadata_member(struct walk *w, void *to, struct str key) {
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

bool grype_match(struct walk *w, void *to) {
        struct scan_flaw flaw = { 0 };

        return walk_object(w, &flaw, grype_match_member) && reader_add_flaw(to, &flaw);
}

bool source_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "target") || str_eqz(key, "metadata"))
                return walk_object(w, to, source_member);
        if (str_eqz(key, "imageID") || str_eqz(key, "manifestDigest"))
                return read_image(w, to);
        if (str_eqz(key, "repoDigests"))
                return walk_array(w, to, read_image);
        return walk_skip(w);
}

bool descriptor_member(struct walk *w, void *to, struct str key) {
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

bool vulnerability(struct walk *w, void *to) {
        struct reader *r = to;
        struct vulnerability v = { 0 };

        if (!walk_object(w, &v, vulnerability_member))
                return false;
        if (!str_empty(v.name))
                v.flaw.id = v.name;
        return reader_add_flaw(r, &v.flaw);
}
