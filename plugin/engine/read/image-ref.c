#include "docksill/engine/image-ref.h"

static bool is_hex(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if (!ascii_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
                        return false;
        return true;
}

/*
 * 64 hex digits, or an algorithm's name and as many as it has: "sha512:…" is no tag of an image named sha512. Fewer
 * digits are looked for among the tags first (moby daemon/images/image.go GetImage), so that `docker tag evil
 * cafebabecafe` would make them name another image: to us they are a name like any other.
 */
static bool is_id(struct str text) {
        static const struct {
                struct str name;
                size_t digits;
        } algorithms[] = { { STR("sha256:"), 64 }, { STR("sha384:"), 96 }, { STR("sha512:"), 128 }, { STR(""), 64 } };

        for (size_t i = 0; i < ARRAY_SIZE(algorithms); ++i) {
                struct str hex = str_skip(text, algorithms[i].name.n);

                if (str_starts(text, algorithms[i].name) && hex.n == algorithms[i].digits && is_hex(hex))
                        return true;
        }
        return false;
}

/*
 * Is the first component of a name a registry? Upper case counts too: newer engines take "Foo/bar" for a registry,
 * older ones refuse it, so that it is no name on the default registry in any of them.
 */
static bool is_registry(struct str component) {
        if (str_eqz(component, "localhost"))
                return true;
        for (size_t i = 0; i < component.n; ++i) {
                char c = component.p[i];

                if (c == '.' || c == ':' || ascii_lower(c) != c)
                        return true;
        }
        return false;
}

static void name_normalise(struct image_ref *ref, struct arena *arena, struct str name) {
        struct str hub = STR("docker.io"), legacy = STR("index.docker.io"), folder = STR("docker.io/"), first;
        size_t slash = str_find(name, '/');

        first = str_first(name, slash);
        if (slash < name.n && is_registry(first)) {
                if (!str_eq(first, hub) && !str_eq(first, legacy)) {
                        ref->registry = first;
                        ref->name = name;
                        return;
                }
                /* "docker.io/nginx" is library/nginx, as is the registry's old name. */
                name = str_skip(name, slash + 1);
        }
        if (str_find(name, '/') == name.n)
                folder = STR_C("docker.io/library/");
        ref->registry = hub;
        ref->name = arena_join(arena, folder, name);
}

/* A digest of the longest algorithm, behind its name; what is longer is none, and not looked at twice. */
#define DIGEST_MAX 200

/* How much of @text goes until the last '@' that no digest follows. A digest ends with the text or, in a path, with
 * '/'. */
static size_t hidden(struct str text) {
        for (size_t n = text.n; n > 0; --n) {
                struct str digest = str_first(str_skip(text, n), DIGEST_MAX), hex;

                if (text.p[n - 1] != '@')
                        continue;
                digest = str_first(digest, str_find(digest, '/'));
                hex = str_skip(digest, str_find(digest, ':') + 1);
                if (hex.n < 32 || !is_hex(hex))
                        return n;
        }
        return 0;
}

struct str image_ref_shown(struct str text) {
        return str_skip(text, hidden(text));
}

struct str image_path_shown(struct arena *arena, struct str path) {
        struct str rest = str_skip(path, 1), shown, joined;
        size_t folder = 1 + str_find(rest, '/') + 1;

        if (str_find(path, '@') == path.n)
                return path;
        folder = folder > path.n || str_find(str_first(path, folder), '@') < folder ? 1 : folder;
        shown = image_ref_shown(str_skip(path, folder));
        joined = arena_join(arena, str_first(path, folder), shown);
        return joined.p ? joined : shown;
}

void image_ref_parse(struct image_ref *out, struct arena *arena, struct str text) {
        struct image_ref ref = { 0 };
        struct str name = text;
        size_t at, colon, slash;

        if (is_id(text)) {
                *out = (struct image_ref){ .name = text, .id = true };
                return;
        }

        at = str_find(name, '@');
        if (at < name.n) {
                ref.digest = str_skip(name, at + 1);
                name = str_first(name, at);
        }
        /* A colon before the last slash belongs to the registry's port. */
        colon = str_find_last(name, ':');
        slash = str_find_last(name, '/');
        if (colon < name.n && (slash == name.n || colon > slash)) {
                ref.tag = str_skip(name, colon + 1);
                name = str_first(name, colon);
        }

        name_normalise(&ref, arena, name);
        *out = ref;
}
