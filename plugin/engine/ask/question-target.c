#include "docksill/base/text.h"
#include "question-priv.h"

static bool is_dots(struct str segment) {
        return str_eqz(segment, "") || str_eqz(segment, ".") || str_eqz(segment, "..");
}

/* dockerd takes a container's name with a slash before it too, as it writes it itself (moby daemon/container.go). */
struct str question_name(const struct question *q) {
        bool slash = q->kind == QUESTION_CONTAINER && str_starts(q->name, STR_C("/"));

        return slash ? str_skip(q->name, 1) : q->name;
}

static bool has_slash(struct str name) {
        return str_find(name, '/') < name.n;
}

/*
 * The engine's router matches the decoded path, and redirects one that isn't clean: an escape keeps nothing out of it.
 * So a name that could make another path is not asked for at all. With a slash images and plugins alone have names;
 * whatever theirs is, "/json" behind it leads to no other route.
 */
static bool takes_slash(enum question_kind kind) {
        return kind == QUESTION_IMAGE || kind == QUESTION_PLUGIN || kind == QUESTION_HISTORY;
}

bool question_can_be_asked(const struct question *q) {
        const struct str name = question_name(q);
        struct str rest = name;

        if (str_empty(name) || (!takes_slash(q->kind) && has_slash(name)))
                return false;
        for (size_t i = 0; i < name.n; ++i)
                if ((unsigned char)name.p[i] < ' ' || name.p[i] == '\x7f' || name.p[i] == '\\')
                        return false; /* docksill itself would take the call for flawed when it comes back */
        while (rest.p)
                if (is_dots(str_cut(&rest, '/')))
                        return false;
        return true;
}

static bool is_kept(enum question_kind kind, char c) {
        if (ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'))
                return true;
        return memchr("-._~", c, 4) || (takes_slash(kind) && memchr("/:@", c, 3));
}

void question_target(struct text *out, const struct question *q) {
        static const struct {
                const char *before, *behind;
        } paths[QUESTION_KINDS] = {
                [QUESTION_IMAGE] = { "/images/", "/json" },         [QUESTION_VOLUME] = { "/volumes/", "" },
                [QUESTION_CONTAINER] = { "/containers/", "/json" }, [QUESTION_EXEC] = { "/exec/", "/json" },
                [QUESTION_NETWORK] = { "/networks/", "" },          [QUESTION_PLUGIN] = { "/plugins/", "/json" },
                [QUESTION_HISTORY] = { "/images/", "/history" },
        };
        const struct str name = question_name(q);

        text_addz(out, paths[q->kind].before);
        for (size_t i = 0; i < name.n; ++i)
                if (is_kept(q->kind, name.p[i]))
                        text_add_char(out, name.p[i]);
                else
                        text_addf(out, "%%%02X", (unsigned)(unsigned char)name.p[i]);
        text_addz(out, paths[q->kind].behind);
}
