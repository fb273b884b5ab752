#include "user.h"

static inline bool is_space(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What Go's bytes.TrimSpace takes off ASCII text; the runtime trims the whole of user[:group] first. */
static struct str trim(struct str s) {
        size_t from = 0;

        while (from < s.n && is_space(s.p[from]))
                ++from;
        while (s.n > from && is_space(s.p[s.n - 1]))
                --s.n;
        return str_skip(s, from);
}

/* Go's strconv.Atoi: "00", "+0" and "-0" are zero too. */
static bool is_zero(struct str s) {
        int64_t id;

        return str_int(s, &id) == 0 && id == 0;
}

enum user_root user_root(struct str user) {
        struct str rest = trim(user);
        struct str name = str_cut(&rest, ':');
        int64_t id;

        if (str_empty(name))
                return USER_UNNAMED;
        if (str_eqz(name, "root") || is_zero(name))
                return USER_ROOT;
        /* Beyond 31 bits and below zero the runtime refuses; older ones might have wrapped it to 0. */
        if (str_int(name, &id) == 0 && id > 0 && id <= INT32_MAX)
                return USER_OTHER;
        return USER_NAMED;
}

enum word user_root_word(struct str user) {
        switch (user_root(user)) {
        case USER_OTHER: return WORD_NO;
        case USER_NAMED: return WORD_UNKNOWN;
        default: return WORD_YES;
        }
}

struct fact_word user_root_cell(struct str user) {
        struct fact_word cell = cell_word_standard(user_root_word(user));

        cell.head.state = cell_is(&cell, WORD_UNKNOWN) ? FACT_UNKNOWN : FACT_KNOWN;
        return cell;
}

bool user_group_root(struct str user) {
        struct str rest = trim(user), group;

        str_cut(&rest, ':');
        group = str_cut(&rest, ':');
        return str_eqz(group, "root") || is_zero(group);
}
