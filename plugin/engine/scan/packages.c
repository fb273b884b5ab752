/* Lists of packages: SPDX 2.3, CycloneDX 1.5, Syft, and those that scanners print beside what they found. */
#include "report-priv.h"

/* SPDX says of a package by what others know it: of the image itself too. */
bool reference_member(struct walk *w, void *to, struct str key) {
        struct str locator = { 0 };

        if (!str_eqz(key, "referenceLocator") && !str_eqz(key, "purl"))
                return walk_skip(w);
        if (!walk_string(w, &locator))
                return false;
        return str_starts(locator, STR_C("pkg:oci/")) ? reader_add_image(to, locator) : true;
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

bool read_package(struct walk *w, void *to) {
        struct listed p = { .reader = to };
        struct json first = w->json;
        enum json_token token = json_next(&w->json);

        w->json = first;
        if (!(token == TOKEN_OBJECT ? walk_object(w, &p, package_member) : walk_string(w, &p.name)))
                return false;
        return reader_add_package(to, p.name);
}

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
        return str_ends(p.name, STR_C(":ImageID")) || str_ends(p.name, STR_C(":RepoDigest"))
                       ? reader_add_image(to, p.value)
                       : true;
}

bool subject_member(struct walk *w, void *to, struct str key) {
        if (str_eqz(key, "version"))
                return read_image(w, to);
        if (str_eqz(key, "properties"))
                return walk_array(w, to, property);
        return reference_member(w, to, key);
}
