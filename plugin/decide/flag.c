#include "docksill/decide/flag.h"

#include <assert.h>
#include <inttypes.h>

/* How a value is written behind a key or a member. */
enum form {
        FORM_TRUE,   /* a flag without a value */
        FORM_TEXT,   /* "runc" */
        FORM_NUMBER, /* 100 */
        FORM_BYTES,  /* 512m; of the API in bytes */
        FORM_CPUS,   /* 1.5; of the API in billionths */
        FORM_TIME,   /* 10s; of the API in seconds, as `docker run` has it */
        FORM_LIST,   /* an element of ["a", "b"] */
        FORM_OPTION, /* name=value: a member of {name: value} */
        FORM_TMPFS,  /* path:options; of the API a member of {path: options} */
        FORM_ULIMIT, /* name=soft:hard */
};

/* What nobody knows. */
#define DISTURBS_MOST (FLAG_MAY_STOP + 8)

/* What it changes: as whom, with what rights and beside whom the program starts; where it can write; how much it may
 * use; whom it reaches, and who reaches it; when it is stopped and started again. */
enum flag_change { FLAG_START, FLAG_FILES, FLAG_LIMITS, FLAG_NETWORK, FLAG_LIFETIME };

struct row {
        struct str name, other; /* "--memory", "-m" */
        enum flag_change changes;
        unsigned disturbs;
        enum form form;
        const char *compose, *api; /* the key below a service, the member of the body; NULL: there is none */
        bool by_hand;
};

/* https://docs.docker.com/reference/compose-file/services/ and moby api/types/container. */
static const struct row rows[] = {
        { STR("--log-driver"), { 0 }, FLAG_FILES, 1, FORM_TEXT, "logging.driver", "HostConfig.LogConfig.Type" },
        { STR("--log-opt"), { 0 }, FLAG_FILES, 1, FORM_OPTION, "logging.options", "HostConfig.LogConfig.Config" },
        { STR("--oom-score-adj"), { 0 }, FLAG_LIMITS, 1, FORM_NUMBER, "oom_score_adj", "HostConfig.OomScoreAdj" },
        { STR("--stop-timeout"), { 0 }, FLAG_LIFETIME, 1, FORM_TIME, "stop_grace_period", "StopTimeout" },
        { STR("--stop-grace-period"), { 0 }, FLAG_LIFETIME, 1, FORM_TEXT, NULL, NULL },
        { STR("--cgroupns"), { 0 }, FLAG_START, 2, FORM_TEXT, "cgroup", "HostConfig.CgroupnsMode" },
        { STR("--security-opt"), { 0 }, FLAG_START, 3, FORM_LIST, "security_opt", "HostConfig.SecurityOpt" },
        { STR("--memory"), STR("-m"), FLAG_LIMITS, 3, FORM_BYTES, "mem_limit", "HostConfig.Memory" },
        { STR("--memory-swap"), { 0 }, FLAG_LIMITS, 3, FORM_BYTES, "memswap_limit", "HostConfig.MemorySwap" },
        { STR("--limit-memory"), { 0 }, FLAG_LIMITS, 3, FORM_BYTES, NULL, NULL },
        { STR("--pids-limit"), { 0 }, FLAG_LIMITS, 3, FORM_NUMBER, "pids_limit", "HostConfig.PidsLimit" },
        { STR("--limit-pids"), { 0 }, FLAG_LIMITS, 3, FORM_NUMBER, NULL, NULL },
        { STR("--cpus"), { 0 }, FLAG_LIMITS, 3, FORM_CPUS, "cpus", "HostConfig.NanoCpus" },
        { STR("--limit-cpu"), { 0 }, FLAG_LIMITS, 3, FORM_CPUS, NULL, NULL },
        /* With --read-only alone nothing can be written at all; and what is added to no capability gives some back. */
        { STR("--tmpfs"), { 0 }, FLAG_FILES, 1, FORM_TMPFS, "tmpfs", "HostConfig.Tmpfs" },
        { STR("--mount"), { 0 }, FLAG_FILES, 1, FORM_TEXT, NULL, NULL },
        { STR("--cap-add"), { 0 }, FLAG_START, 0, FORM_LIST, "cap_add", "HostConfig.CapAdd" },
        /* A program that starts as root to become somebody else, or writes where it is installed, stops with these. */
        { STR("--cap-drop"), { 0 }, FLAG_START, FLAG_MAY_STOP, FORM_LIST, "cap_drop", "HostConfig.CapDrop" },
        { STR("--read-only"),
          { 0 },
          FLAG_FILES,
          FLAG_MAY_STOP + 2,
          FORM_TRUE,
          "read_only",
          "HostConfig.ReadonlyRootfs" },
        { STR("--user"), STR("-u"), FLAG_START, FLAG_MAY_STOP + 4, FORM_TEXT, "user", "User" },
        { STR("--network"), STR("--net"), FLAG_NETWORK, DISTURBS_MOST, FORM_TEXT, NULL, "HostConfig.NetworkMode" },
        { STR("--publish"), STR("-p"), FLAG_NETWORK, DISTURBS_MOST, FORM_TEXT, NULL, NULL },
        /* What only the program's owner can know: when it is to come back, what it shares, how much it opens. */
        { STR("--restart"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, true },
        { STR("--restart-condition"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, true },
        { STR("--restart-max-attempts"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, true },
        { STR("--restart-window"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, true },
        { STR("--runtime"), { 0 }, FLAG_START, DISTURBS_MOST, FORM_TEXT, NULL, NULL, true },
        { STR("--ipc"), { 0 }, FLAG_START, DISTURBS_MOST, FORM_TEXT, "ipc", "HostConfig.IpcMode", true },
        { STR("--shm-size"), { 0 }, FLAG_LIMITS, DISTURBS_MOST, FORM_BYTES, "shm_size", "HostConfig.ShmSize", true },
        { STR("--ulimit"), { 0 }, FLAG_LIMITS, DISTURBS_MOST, FORM_ULIMIT, "ulimits", "HostConfig.Ulimits", true },
};

/* Its name, and the rest in *value: p == NULL where there is none. */
static struct str name_of(struct str flag, struct str *value) {
        size_t n = 0;

        while (n < flag.n && flag.p[n] != ' ' && flag.p[n] != '=')
                ++n;
        *value = n < flag.n ? str_skip(flag, n + 1) : (struct str){ 0 };
        return str_first(flag, n);
}

static const struct row *find(struct str flag, struct str *value) {
        struct str name = name_of(flag, value);

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (str_eq(name, rows[i].name) || (rows[i].other.n && str_eq(name, rows[i].other)))
                        return &rows[i];
        return NULL;
}

struct str flag_name(struct str flag) {
        struct str value;

        return name_of(flag, &value);
}

void flag_add_change(struct text *out, struct str flag) {
        text_add(out, flag_changes(flag));
        if (flag_is_by_hand(flag))
                text_addz(out, "; by hand");
        else if (flag_may_stop(flag))
                text_addz(out, "; may stop the program");
}

struct str flag_value(struct str flag) {
        struct str value;

        (void)name_of(flag, &value);
        return value;
}

bool flag_is_sound(struct str flag) {
        struct str value, name = name_of(flag, &value);

        return !str_eqz(name, "--tmpfs") || str_find(value, ':') == str_find_last(value, ':');
}

unsigned flag_disturbs(struct str flag) {
        struct str value;
        const struct row *row = find(flag, &value);

        return row ? row->disturbs : DISTURBS_MOST;
}

bool flag_is_by_hand(struct str flag) {
        struct str value;
        const struct row *row = find(flag, &value);

        return row && row->by_hand;
}

bool flag_may_stop(struct str flag) {
        return flag_disturbs(flag) >= FLAG_MAY_STOP;
}

struct str flag_changes(struct str flag) {
        static const struct str names[] = { [FLAG_START] = STR("start"),
                                            [FLAG_FILES] = STR("files"),
                                            [FLAG_LIMITS] = STR("limits"),
                                            [FLAG_NETWORK] = STR("network"),
                                            [FLAG_LIFETIME] = STR("lifetime") };
        struct str value;
        const struct row *row = find(flag, &value);

        return row ? names[row->changes] : STR_C("unknown");
}

bool flag_steps_down(struct str flag) {
        static const struct str capabilities[] = { STR("CHOWN"), STR("DAC_OVERRIDE"), STR("FOWNER"), STR("SETGID"),
                                                   STR("SETUID") };
        struct str value, name = name_of(flag, &value);

        return str_eqz(name, "--cap-add") && str_is_among(value, capabilities, ARRAY_SIZE(capabilities));
}

void flags_drop_needless(struct flags *flags) {
        bool user = false;
        size_t n = 0;

        for (size_t i = 0; i < flags->n; ++i)
                user = user || str_eqz(flag_name(flags->items[i]), "--user");
        for (size_t i = 0; i < flags->n; ++i)
                if (!user || !flag_steps_down(flags->items[i]))
                        flags->items[n++] = flags->items[i];
        flags->n = n;
}

/* -- a shell's -- */

static bool shell_safe(char c) {
        switch (c) {
        case '_':
        case '@':
        case '%':
        case '+':
        case '=':
        case ':':
        case ',':
        case '.':
        case '/':
        case '-': return true;
        default: return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || ascii_digit(c);
        }
}

/* One word for a shell, in single quotes when it needs them. */
static void add_word(struct text *out, struct str word) {
        size_t safe = 0;

        while (safe < word.n && shell_safe(word.p[safe]))
                ++safe;
        if (safe == word.n && word.n > 0) {
                text_add(out, word);
                return;
        }
        text_add_char(out, '\'');
        for (size_t i = 0; i < word.n; ++i)
                if (word.p[i] == '\'')
                        text_addz(out, "'\\''");
                else
                        text_add_char(out, word.p[i]);
        text_add_char(out, '\'');
}

void flag_add_shell(struct text *out, struct str flag) {
        size_t name = 0;

        while (name < flag.n && (flag.p[name] == '-' || (name > 0 && shell_safe(flag.p[name]) && flag.p[name] != '=')))
                ++name;
        if (name == 0 || name == flag.n || (flag.p[name] != ' ' && flag.p[name] != '=')) {
                add_word(out, flag);
                return;
        }
        text_add(out, str_first(flag, name + 1));
        add_word(out, str_skip(flag, name + 1));
}

/* -- other clients' -- */

static bool is_plain_number(struct str s) {
        size_t n = 0;

        while (n < s.n && (ascii_digit(s.p[n]) || (s.p[n] == '-' && n == 0)))
                ++n;
        return n > 0 && n == s.n && n < 16;
}

bool flag_bytes(struct str s, int64_t *out) {
        static const char units[] = "bkmgt";
        const char *unit = s.n ? strchr(units, ascii_lower(s.p[s.n - 1])) : NULL;
        unsigned shift = unit && *unit ? 10 * (unsigned)(unit - units) : 0;

        if (str_int(unit && *unit ? str_first(s, s.n - 1) : s, out) < 0 || *out < 0 || *out > INT64_MAX >> shift)
                return false;
        *out <<= shift;
        return true;
}

/* "1.5" is 1500000000. */
static bool billionths(struct str s, int64_t *out) {
        struct str rest = s, whole = str_cut(&rest, '.');
        int64_t unit = 1000000000;

        if (!is_plain_number(whole) || whole.n > 6 || str_int(whole, out) < 0 || *out < 0)
                return false;
        *out *= unit;
        for (size_t i = 0; i < rest.n && unit > 1; ++i) {
                if (!ascii_digit(rest.p[i]))
                        return false;
                *out += (rest.p[i] - '0') * (unit /= 10);
        }
        return true;
}

/* Compose fills in what stands behind a dollar sign; two of them are one. */
static void add_compose(struct text *out, struct str s) {
        char buffer[1024];
        struct text doubled;

        text_init_fixed(&doubled, buffer, sizeof(buffer));
        for (size_t i = 0; i < s.n; ++i) {
                text_add_char(&doubled, s.p[i]);
                if (s.p[i] == '$')
                        text_add_char(&doubled, '$');
        }
        out->failed = out->failed || doubled.failed;
        text_add_yaml(out, text_str(&doubled));
}

static void add_quoted(struct text *out, struct str s, enum flag_words words) {
        if (words == FLAG_COMPOSE)
                add_compose(out, s);
        else
                text_add_json(out, s);
}

/* A member's name: quoted in JSON. */
static void add_member(struct text *out, struct str name, enum flag_words words) {
        add_quoted(out, name, words);
        text_addz(out, ": ");
}

static bool add_ulimit(struct text *out, struct str value, enum flag_words words) {
        struct str rest = value, name = str_cut(&rest, '='), hard = rest, soft = str_cut(&hard, ':');

        if (!hard.p)
                hard = soft;
        if (name.n == 0 || !is_plain_number(soft) || !is_plain_number(hard))
                return false;
        if (words == FLAG_COMPOSE) {
                add_member(out, name, words);
                text_addf(out, "{soft: %" STR_FMT ", hard: %" STR_FMT "}", STR_ARG(soft), STR_ARG(hard));
                return true;
        }
        text_addz(out, "{\"Name\": ");
        text_add_json(out, name);
        text_addf(out, ", \"Soft\": %" STR_FMT ", \"Hard\": %" STR_FMT "}", STR_ARG(soft), STR_ARG(hard));
        return true;
}

/* One value; what the list or map around it needs is the caller's. False when it is none of its form. */
static bool add_value(struct text *out, const struct row *row, struct str value, enum flag_words words) {
        struct str rest = value, name;
        int64_t number;

        switch (row->form) {
        case FORM_TRUE: text_addz(out, "true"); return value.n == 0;
        case FORM_TEXT:
        case FORM_LIST: add_quoted(out, value, words); return value.n > 0;
        case FORM_NUMBER: text_add(out, value); return is_plain_number(value);
        case FORM_BYTES:
                if (!flag_bytes(value, &number))
                        return false;
                if (words == FLAG_COMPOSE)
                        text_add(out, value);
                else
                        text_add_int(out, number);
                return true;
        case FORM_CPUS:
                if (!billionths(value, &number))
                        return false;
                if (words == FLAG_COMPOSE)
                        text_add(out, value);
                else
                        text_add_int(out, number);
                return true;
        case FORM_TIME:
                text_add(out, value);
                text_addz(out, words == FLAG_COMPOSE ? "s" : "");
                return is_plain_number(value);
        case FORM_OPTION:
                name = str_cut(&rest, '=');
                add_member(out, name, words);
                add_quoted(out, rest, words);
                return name.n > 0 && rest.p;
        case FORM_TMPFS:
                if (words == FLAG_COMPOSE) {
                        add_quoted(out, value, words);
                        return value.n > 0;
                }
                name = str_cut(&rest, ':');
                add_member(out, name, words);
                add_quoted(out, rest, words);
                return name.n > 0;
        case FORM_ULIMIT: return add_ulimit(out, value, words);
        }
        assert(!"no such form");
        return false;
}

/* What stands around the values of one key: brackets of a list or a map, or nothing. */
static const char *brackets(const struct row *row, enum flag_words words) {
        switch (row->form) {
        case FORM_LIST: return "[]";
        case FORM_OPTION: return "{}";
        case FORM_TMPFS: return words == FLAG_COMPOSE ? "[]" : "{}";
        case FORM_ULIMIT: return words == FLAG_COMPOSE ? "{}" : "[]";
        default: return NULL;
        }
}

static const char *key_of(const struct row *row, enum flag_words words) {
        return words == FLAG_COMPOSE ? row->compose : row->api;
}

struct str flag_key(struct str flag, enum flag_words words) {
        struct str value;
        const struct row *row = find(flag, &value);

        return row ? str_from(key_of(row, words)) : (struct str){ 0 };
}

/* "logging" of "logging.driver": such keys are written as one map. The API's members stand by their whole names. */
static struct str top_of(const struct row *row, enum flag_words words) {
        struct str key = str_from(key_of(row, words));

        return words == FLAG_COMPOSE ? str_cut(&key, '.') : key;
}

/* All values of the flags that share @row's key, from the first of them at @i. */
static bool add_values(struct text *out, const struct flags *flags, size_t i, const struct row *row,
                       enum flag_words words) {
        const char *around = brackets(row, words);
        bool first = true;

        if (around)
                text_add_char(out, around[0]);
        for (; i < flags->n; ++i) {
                struct str value;

                if (find(flags->items[i], &value) != row)
                        continue;
                if (!first)
                        text_addz(out, ", ");
                if (!add_value(out, row, value, words))
                        return false;
                first = false;
                if (!around)
                        break;
        }
        if (around)
                text_add_char(out, around[1]);
        return true;
}

/* Has a flag before @i the same top key (or the very same row)? */
static bool is_done(const struct flags *flags, size_t i, const struct row *row, enum flag_words words, bool top) {
        struct str value;

        while (i-- > 0) {
                const struct row *other = find(flags->items[i], &value);

                if (other == row || (top && str_eq(top_of(other, words), top_of(row, words))))
                        return true;
        }
        return false;
}

/* "key: value", or "key: {one: …, two: …}" where several flags go below one key. */
static bool add_key(struct text *out, const struct flags *flags, size_t i, enum flag_words words) {
        struct str value, top;
        const struct row *row = find(flags->items[i], &value);
        bool inner;

        top = top_of(row, words);
        inner = words == FLAG_COMPOSE && top.n < strlen(row->compose);
        text_add(out, top);
        text_addz(out, inner ? ": {" : ": ");
        for (size_t k = i; k < flags->n; ++k) {
                const struct row *other = find(flags->items[k], &value);

                if (!str_eq(top_of(other, words), top) || is_done(flags, k, other, words, false))
                        continue;
                if (inner)
                        text_addf(out, "%s%s: ", k > i ? ", " : "", other->compose + top.n + 1);
                if (!add_values(out, flags, k, other, words))
                        return false;
                if (!inner)
                        break;
        }
        text_addz(out, inner ? "}" : "");
        return true;
}

bool flags_add_words(struct text *out, const struct flags *flags, enum flag_words words, const char *between) {
        size_t begin = out->n;

        for (size_t i = 0; i < flags->n; ++i) {
                struct str value;
                const struct row *row = find(flags->items[i], &value);

                if (!row || !key_of(row, words)) {
                        text_cut(out, begin);
                        return false;
                }
        }
        for (size_t i = 0; i < flags->n; ++i) {
                struct str value;

                if (is_done(flags, i, find(flags->items[i], &value), words, true))
                        continue;
                if (out->n > begin)
                        text_addz(out, between);
                if (!add_key(out, flags, i, words)) {
                        text_cut(out, begin);
                        return false;
                }
        }
        return true;
}
