#include "docksill/decide/flag.h"

#include "flag-row.h"

/* What nobody knows. */
#define DISTURBS_MOST (FLAG_MAY_STOP + 8)

/* https://docs.docker.com/reference/compose-file/services/ and moby api/types/container. */
/* clang-format off */
static const struct flag_row rows[] = {
        { STR("--log-driver"), { 0 }, FLAG_FILES, 1, FORM_TEXT, "logging.driver", "HostConfig.LogConfig.Type", "TaskTemplate.LogDriver.Name" },
        { STR("--log-opt"), { 0 }, FLAG_FILES, 1, FORM_OPTION, "logging.options", "HostConfig.LogConfig.Config", "TaskTemplate.LogDriver.Options" },
        { STR("--oom-score-adj"), { 0 }, FLAG_LIMITS, 1, FORM_NUMBER, "oom_score_adj", "HostConfig.OomScoreAdj", "TaskTemplate.ContainerSpec.OomScoreAdj" },
        { STR("--stop-timeout"), { 0 }, FLAG_LIFETIME, 1, FORM_TIME, "stop_grace_period", "StopTimeout" },
        { STR("--stop-grace-period"), { 0 }, FLAG_LIFETIME, 1, FORM_DURATION, NULL, NULL, "TaskTemplate.ContainerSpec.StopGracePeriod" },
        { STR("--cgroupns"), { 0 }, FLAG_START, 2, FORM_TEXT, "cgroup", "HostConfig.CgroupnsMode" },
        { STR("--security-opt"), { 0 }, FLAG_START, 3, FORM_LIST, "security_opt", "HostConfig.SecurityOpt" },
        { STR("--memory"), STR("-m"), FLAG_LIMITS, 3, FORM_BYTES, "mem_limit", "HostConfig.Memory" },
        { STR("--memory-swap"), { 0 }, FLAG_LIMITS, 3, FORM_BYTES, "memswap_limit", "HostConfig.MemorySwap" },
        { STR("--limit-memory"), { 0 }, FLAG_LIMITS, 3, FORM_BYTES, NULL, NULL, "TaskTemplate.Resources.Limits.MemoryBytes" },
        { STR("--pids-limit"), { 0 }, FLAG_LIMITS, 3, FORM_NUMBER, "pids_limit", "HostConfig.PidsLimit" },
        { STR("--limit-pids"), { 0 }, FLAG_LIMITS, 3, FORM_NUMBER, NULL, NULL, "TaskTemplate.Resources.Limits.Pids" },
        { STR("--cpus"), { 0 }, FLAG_LIMITS, 3, FORM_CPUS, "cpus", "HostConfig.NanoCpus" },
        { STR("--limit-cpu"), { 0 }, FLAG_LIMITS, 3, FORM_CPUS, NULL, NULL, "TaskTemplate.Resources.Limits.NanoCPUs" },
        /* With --read-only alone nothing can be written at all; and what is added to no capability gives some back. */
        { STR("--tmpfs"), { 0 }, FLAG_FILES, 1, FORM_TMPFS, "tmpfs", "HostConfig.Tmpfs" },
        { STR("--mount"), { 0 }, FLAG_FILES, 1, FORM_MOUNT, NULL, NULL, "TaskTemplate.ContainerSpec.Mounts" },
        { STR("--volume"), STR("-v"), FLAG_FILES, 1, FORM_PLACE, "volumes", "Volumes" },
        { STR("--cap-add"), { 0 }, FLAG_START, 0, FORM_LIST, "cap_add", "HostConfig.CapAdd", "TaskTemplate.ContainerSpec.CapabilityAdd" },
        /* A program that starts as root to become somebody else, or writes where it is installed, stops with these. */
        { STR("--cap-drop"), { 0 }, FLAG_START, FLAG_MAY_STOP, FORM_LIST, "cap_drop", "HostConfig.CapDrop", "TaskTemplate.ContainerSpec.CapabilityDrop" },
        { STR("--read-only"), { 0 }, FLAG_FILES, FLAG_MAY_STOP + 2, FORM_TRUE, "read_only", "HostConfig.ReadonlyRootfs", "TaskTemplate.ContainerSpec.ReadOnly" },
        { STR("--user"), STR("-u"), FLAG_START, FLAG_MAY_STOP + 4, FORM_TEXT, "user", "User", "TaskTemplate.ContainerSpec.User" },
        { STR("--network"), STR("--net"), FLAG_NETWORK, FLAG_MAY_STOP, FORM_TEXT, "network_mode", "HostConfig.NetworkMode" },
        { STR("--publish"), STR("-p"), FLAG_NETWORK, DISTURBS_MOST, FORM_TEXT, NULL, NULL },
        /* What only the program's owner can know: when it is to come back, what it shares, how much it opens. */
        { STR("--restart"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, NULL, true },
        { STR("--restart-condition"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, NULL, true },
        { STR("--restart-max-attempts"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, NULL, true },
        { STR("--restart-window"), { 0 }, FLAG_LIFETIME, DISTURBS_MOST, FORM_TEXT, NULL, NULL, NULL, true },
        { STR("--runtime"), { 0 }, FLAG_START, DISTURBS_MOST, FORM_TEXT, NULL, NULL, NULL, true },
        { STR("--ipc"), { 0 }, FLAG_START, DISTURBS_MOST, FORM_TEXT, "ipc", "HostConfig.IpcMode", NULL, true },
        { STR("--shm-size"), { 0 }, FLAG_LIMITS, DISTURBS_MOST, FORM_BYTES, "shm_size", "HostConfig.ShmSize", NULL, true },
        { STR("--ulimit"), { 0 }, FLAG_LIMITS, DISTURBS_MOST, FORM_ULIMIT, "ulimits", "HostConfig.Ulimits", NULL, true },
};
/* clang-format on */

/* Its name, and the rest in *value: p == NULL where there is none. */
static struct str name_of(struct str flag, struct str *value) {
        size_t n = 0;

        while (n < flag.n && flag.p[n] != ' ' && flag.p[n] != '=')
                ++n;
        *value = n < flag.n ? str_skip(flag, n + 1) : (struct str){ 0 };
        return str_first(flag, n);
}

const struct flag_row *flag_row(struct str flag, struct str *value) {
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
        const struct flag_row *row = flag_row(flag, &value);

        return row ? row->disturbs : DISTURBS_MOST;
}

bool flag_is_by_hand(struct str flag) {
        struct str value;
        const struct flag_row *row = flag_row(flag, &value);

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
        const struct flag_row *row = flag_row(flag, &value);

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

bool flag_bytes(struct str s, int64_t *out) {
        static const char units[] = "bkmgt";
        const char *unit = s.n ? strchr(units, ascii_lower(s.p[s.n - 1])) : NULL;
        unsigned shift = unit && *unit ? 10 * (unsigned)(unit - units) : 0;

        if (str_int(unit && *unit ? str_first(s, s.n - 1) : s, out) < 0 || *out < 0 || *out > INT64_MAX >> shift)
                return false;
        *out <<= shift;
        return true;
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
