#include "client.h"
#include "docksill/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

/* The member of that name, however it is spelt: dockerd folds keys. */
static const char *spelt(json_t *object, const char *name) {
        const char *key;
        json_t *value;

        json_object_foreach(object, key, value) {
                if (strcasecmp(key, name) == 0)
                        return key;
        }
        return name;
}

static json_t *get(json_t *object, const char *name) {
        return json_object_get(object, spelt(object, name));
}

static void set(json_t *object, const char *name, json_t *value) {
        json_object_set_new(object, spelt(object, name), value);
}

/* The member, made @otherwise (taken over) when there is none or null. */
static json_t *get_or(json_t *object, const char *name, json_t *otherwise) {
        json_t *value = get(object, name);

        if (value && json_typeof(value) != JSON_NULL) {
                json_decref(otherwise);
                return value;
        }
        set(object, name, otherwise);
        return otherwise;
}

static json_t *host_config(json_t *body) {
        return get_or(body, "HostConfig", json_object());
}

static json_t *text_value(struct str s) {
        return json_stringn(s.p, s.n);
}

static int64_t number(struct str s) {
        int64_t n = 0;

        if (str_int(s, &n) < 0)
                fail_msg("no number: %" STR_FMT, STR_ARG(s));
        return n;
}

/* "512m" */
static int64_t bytes(struct str s) {
        static const char units[] = "bkmgt";
        const char *unit = s.n ? strchr(units, ascii_lower(s.p[s.n - 1])) : NULL;

        if (!unit || !*unit)
                return number(s);
        return number(str_first(s, s.n - 1)) << 10 * (unit - units);
}

/* "1.5" processors in billionths. */
static int64_t processors(struct str s) {
        struct str rest = s, whole = str_cut(&rest, '.');
        int64_t n = number(whole), unit = 1000000000;

        n *= unit;
        for (size_t i = 0; i < rest.n; ++i)
                n += (rest.p[i] - '0') * (unit /= 10);
        return n;
}

/* -- one function a flag -- */

static void user(json_t *body, struct str value) {
        set(body, "User", text_value(value));
}

static void cap_drop(json_t *body, struct str value) {
        json_array_append_new(get_or(host_config(body), "CapDrop", json_array()), text_value(value));
}

static void cap_add(json_t *body, struct str value) {
        json_array_append_new(get_or(host_config(body), "CapAdd", json_array()), text_value(value));
}

static void security_opt(json_t *body, struct str value) {
        json_array_append_new(get_or(host_config(body), "SecurityOpt", json_array()), text_value(value));
}

static void read_only(json_t *body, struct str value) {
        (void)value;
        set(host_config(body), "ReadonlyRootfs", json_true());
}

static void tmpfs(json_t *body, struct str value) {
        json_t *map = get_or(host_config(body), "Tmpfs", json_object());
        struct str rest = value, path = str_cut(&rest, ':');

        json_object_setn_new(map, path.p, path.n, text_value(rest));
}

static void memory(json_t *body, struct str value) {
        set(host_config(body), "Memory", json_integer(bytes(value)));
}

static void memory_swap(json_t *body, struct str value) {
        set(host_config(body), "MemorySwap", json_integer(bytes(value)));
}

static void cpus(json_t *body, struct str value) {
        set(host_config(body), "NanoCpus", json_integer(processors(value)));
}

static void pids_limit(json_t *body, struct str value) {
        set(host_config(body), "PidsLimit", json_integer(number(value)));
}

static void oom_score_adj(json_t *body, struct str value) {
        set(host_config(body), "OomScoreAdj", json_integer(number(value)));
}

static void shm_size(json_t *body, struct str value) {
        set(host_config(body), "ShmSize", json_integer(bytes(value)));
}

static void runtime(json_t *body, struct str value) {
        set(host_config(body), "Runtime", text_value(value));
}

static void ipc(json_t *body, struct str value) {
        set(host_config(body), "IpcMode", text_value(value));
}

static void cgroupns(json_t *body, struct str value) {
        set(host_config(body), "CgroupnsMode", text_value(value));
}

/* "on-failure:5" */
static void restart(json_t *body, struct str value) {
        struct str rest = value, name = str_cut(&rest, ':');
        json_t *policy = json_object();

        json_object_set_new(policy, "Name", text_value(name));
        json_object_set_new(policy, "MaximumRetryCount", json_integer(rest.p ? number(rest) : 0));
        set(host_config(body), "RestartPolicy", policy);
}

static void log_driver(json_t *body, struct str value) {
        set(get_or(host_config(body), "LogConfig", json_object()), "Type", text_value(value));
}

static void log_opt(json_t *body, struct str value) {
        json_t *log = get_or(host_config(body), "LogConfig", json_object());
        struct str rest = value, name = str_cut(&rest, '=');

        json_object_setn_new(get_or(log, "Config", json_object()), name.p, name.n, text_value(rest));
}

/* "nofile=1024:2048"; a later one of that name takes the place of the earlier. */
static void ulimit(json_t *body, struct str value) {
        json_t *list = get_or(host_config(body), "Ulimits", json_array()), *limit = json_object();
        struct str rest = value, name = str_cut(&rest, '='), soft = str_cut(&rest, ':');

        for (size_t i = json_array_size(list); i-- > 0;) {
                const char *other = json_string_value(get(json_array_get(list, i), "Name"));

                if (other && str_eqz(name, other))
                        json_array_remove(list, i);
        }
        json_object_set_new(limit, "Name", text_value(name));
        json_object_set_new(limit, "Soft", json_integer(number(soft)));
        json_object_set_new(limit, "Hard", json_integer(number(rest.p ? rest : soft)));
        json_array_append_new(list, limit);
}

/* Does the key of PortBindings mean that port? "80" is "80/tcp". */
static bool is_port(const char *key, struct str port, struct str protocol) {
        struct str rest = str_from(key), number = str_cut(&rest, '/');

        return str_eq(number, port) && str_eq_fold(rest.n ? rest : STR_C("tcp"), protocol);
}

/* Chosen by the engine: "" and "0" are the same. */
static bool is_host_port(const json_t *binding, struct str port) {
        const char *other = json_string_value(get((json_t *)(uintptr_t)binding, "HostPort"));

        if (!other || !*other)
                other = "0";
        return str_eqz(port.n ? port : STR_C("0"), other);
}

/* Takes the bindings to that port of the host from a list. */
static void take_bindings(json_t *list, struct str host_port) {
        for (size_t i = json_array_size(list); i-- > 0;)
                if (is_host_port(json_array_get(list, i), host_port))
                        json_array_remove(list, i);
}

/* "127.0.0.1:8080:80/tcp" */
static void publish(json_t *body, struct str value) {
        json_t *map = get_or(host_config(body), "PortBindings", json_object()), *list = NULL, *binding, *bindings;
        size_t last = str_find_last(value, ':'), first = str_find_last(str_first(value, last), ':');
        struct str inside = str_skip(value, last + 1), protocol = inside, port = str_cut(&protocol, '/');
        struct str host_port = str_skip(str_first(value, last), first + 1);
        const char *key;

        json_object_foreach(map, key, bindings) {
                if (!is_port(key, port, protocol.n ? protocol : STR_C("tcp")))
                        continue;
                if (json_typeof(bindings) != JSON_ARRAY) {
                        bindings = json_array();
                        json_object_set_new(map, key, bindings);
                }
                take_bindings(bindings, host_port);
                list = bindings;
        }
        if (!list) {
                list = json_array();
                json_object_setn_new(map, inside.p, inside.n, list);
        }
        binding = json_object();
        json_object_set_new(binding, "HostIp", text_value(str_first(value, first)));
        json_object_set_new(binding, "HostPort", text_value(host_port));
        json_array_append_new(list, binding);
}

static void stop_timeout(json_t *body, struct str value) {
        set(body, "StopTimeout", json_integer(number(value)));
}

struct flag {
        const char *name;
        void (*add)(json_t *body, struct str value);
        bool bare; /* takes no value */
};

static const struct flag flags[] = {
        { "--cap-add", cap_add },
        { "--cap-drop", cap_drop },
        { "--cgroupns", cgroupns },
        { "--cpus", cpus },
        { "--ipc", ipc },
        { "--log-driver", log_driver },
        { "--log-opt", log_opt },
        { "--memory-swap", memory_swap },
        { "--oom-score-adj", oom_score_adj },
        { "--pids-limit", pids_limit },
        { "--read-only", read_only, true },
        { "--restart", restart },
        { "--runtime", runtime },
        { "--security-opt", security_opt },
        { "--shm-size", shm_size },
        { "--stop-timeout", stop_timeout },
        { "--tmpfs", tmpfs },
        { "--ulimit", ulimit },
        { "--user", user },
        { "-m", memory },
        { "-p", publish },
        { NULL },
};

/* -- the same for services -- */

static json_t *task(json_t *body) {
        return get_or(body, "TaskTemplate", json_object());
}

static json_t *container_spec(json_t *body) {
        return get_or(task(body), "ContainerSpec", json_object());
}

static json_t *limits(json_t *body) {
        return get_or(get_or(task(body), "Resources", json_object()), "Limits", json_object());
}

static json_t *restart_policy(json_t *body) {
        return get_or(task(body), "RestartPolicy", json_object());
}

static void service_user(json_t *body, struct str value) {
        set(container_spec(body), "User", text_value(value));
}

static void service_cap_drop(json_t *body, struct str value) {
        json_array_append_new(get_or(container_spec(body), "CapabilityDrop", json_array()), text_value(value));
}

static void service_cap_add(json_t *body, struct str value) {
        json_array_append_new(get_or(container_spec(body), "CapabilityAdd", json_array()), text_value(value));
}

static void service_read_only(json_t *body, struct str value) {
        (void)value;
        set(container_spec(body), "ReadOnly", json_true());
}

/* "type=tmpfs,target=/tmp,tmpfs-size=64m". */
static void service_mount(json_t *body, struct str value) {
        json_t *mount = json_object(), *options = json_object();

        while (value.p) {
                struct str word = str_cut(&value, ','), name = str_cut(&word, '=');

                if (str_eqz(name, "type") || str_eqz(name, "target"))
                        json_object_set_new(mount, str_eqz(name, "type") ? "Type" : "Target", text_value(word));
                else if (str_eqz(name, "tmpfs-size"))
                        json_object_set_new(options, "SizeBytes", json_integer(bytes(word)));
        }
        json_object_set_new(mount, "TmpfsOptions", options);
        json_array_append_new(get_or(container_spec(body), "Mounts", json_array()), mount);
}

static void limit_memory(json_t *body, struct str value) {
        set(limits(body), "MemoryBytes", json_integer(bytes(value)));
}

static void limit_cpu(json_t *body, struct str value) {
        set(limits(body), "NanoCPUs", json_integer(processors(value)));
}

static void limit_pids(json_t *body, struct str value) {
        set(limits(body), "Pids", json_integer(number(value)));
}

static void service_oom_score_adj(json_t *body, struct str value) {
        set(container_spec(body), "OomScoreAdj", json_integer(number(value)));
}

static void restart_condition(json_t *body, struct str value) {
        set(restart_policy(body), "Condition", text_value(value));
}

static void restart_max_attempts(json_t *body, struct str value) {
        set(restart_policy(body), "MaxAttempts", json_integer(number(value)));
}

/* "10s", in nanoseconds. */
static json_t *seconds(struct str value) {
        assert_true(str_ends(value, STR_C("s")));
        return json_integer(number(str_first(value, value.n - 1)) * 1000000000);
}

static void restart_window(json_t *body, struct str value) {
        set(restart_policy(body), "Window", seconds(value));
}

static void stop_grace_period(json_t *body, struct str value) {
        set(container_spec(body), "StopGracePeriod", seconds(value));
}

static void service_log_driver(json_t *body, struct str value) {
        set(get_or(task(body), "LogDriver", json_object()), "Name", text_value(value));
}

static void service_log_opt(json_t *body, struct str value) {
        json_t *log = get_or(task(body), "LogDriver", json_object());
        struct str rest = value, name = str_cut(&rest, '=');

        json_object_setn_new(get_or(log, "Options", json_object()), name.p, name.n, text_value(rest));
}

static const struct flag service_flags[] = {
        { "--cap-add", service_cap_add },
        { "--cap-drop", service_cap_drop },
        { "--limit-cpu", limit_cpu },
        { "--limit-memory", limit_memory },
        { "--limit-pids", limit_pids },
        { "--log-driver", service_log_driver },
        { "--log-opt", service_log_opt },
        { "--mount", service_mount },
        { "--oom-score-adj", service_oom_score_adj },
        { "--read-only", service_read_only, true },
        { "--restart-condition", restart_condition },
        { "--restart-max-attempts", restart_max_attempts },
        { "--restart-window", restart_window },
        { "--stop-grace-period", stop_grace_period },
        { "--user", service_user },
        { NULL },
};

static const struct flag *flag_find(const struct flag *flag, struct str name) {
        for (; flag->name; ++flag)
                if (str_eqz(name, flag->name))
                        return flag;
        fail_msg("a flag that the model of the client does not know: %" STR_FMT, STR_ARG(name));
        return NULL;
}

/* One word as a shell takes it from the front of @rest, into @word. False at the end. */
static bool shell_word(struct str *rest, struct text *word) {
        bool quoted = false;

        text_reset(word);
        while (rest->n && rest->p[0] == ' ')
                *rest = str_skip(*rest, 1);
        if (rest->n == 0)
                return false;
        for (; rest->n && (quoted || rest->p[0] != ' '); *rest = str_skip(*rest, 1)) {
                char c = rest->p[0];

                if (c == '\'') {
                        quoted = !quoted;
                        continue;
                }
                if (!quoted && c == '\\' && rest->n > 1) {
                        *rest = str_skip(*rest, 1);
                        c = rest->p[0];
                } else if (!quoted && strchr("\"$`;&|<>()*?[]#~!{}\t\n", c)) {
                        fail_msg("a shell would make something of this: %" STR_FMT, STR_ARG(*rest));
                }
                text_add_char(word, c);
        }
        assert_false(quoted);
        return true;
}

static void add(const struct flag *known, json_t *body, struct str words) {
        struct text word;

        text_init(&word);
        while (shell_word(&words, &word)) {
                struct str name = text_str(&word), value = { 0 };
                size_t equals = str_starts(name, STR_C("--")) ? str_find(name, '=') : name.n;
                const struct flag *flag = flag_find(known, str_first(name, equals));

                if (equals < name.n)
                        value = str_skip(name, equals + 1);
                else if (!flag->bare && !shell_word(&words, &word))
                        fail_msg("%s without a value", flag->name);
                else if (!flag->bare)
                        value = text_str(&word);
                flag->add(body, value);
        }
        text_deinit(&word);
}

void client_add(json_t *body, struct str words) {
        add(flags, body, words);
}

void client_add_service(json_t *body, struct str words) {
        add(service_flags, body, words);
}

/* -- what dockerd refuses (moby daemon/container.go, daemon/daemon_unix.go, volume/mounts) -- */

/* Looked at, not made. */
static json_t *setting(json_t *body, const char *name) {
        return get(get(body, "HostConfig"), name);
}

static json_int_t integer(json_t *body, const char *name) {
        return json_integer_value(setting(body, name));
}

/* max-size and the like: the options of the driver `local`. */
static bool has_foreign_log_option(json_t *log) {
        static const char *const own[] = { "max-size", "max-file", "compress" };
        json_t *options = get(log, "Config"), *value;
        const char *key;

        json_object_foreach(options, key, value) {
                bool known = false;

                for (size_t i = 0; i < ARRAY_SIZE(own); ++i)
                        known = known || strcmp(key, own[i]) == 0;
                if (!known)
                        return true;
        }
        return false;
}

static bool is_tmpfs(json_t *body, struct str path) {
        json_t *map = setting(body, "Tmpfs"), *value;
        const char *key;

        json_object_foreach(map, key, value) {
                if (str_eqz(path, key))
                        return true;
        }
        return false;
}

static bool mounts_over_tmpfs(json_t *body) {
        json_t *binds = setting(body, "Binds"), *mounts = setting(body, "Mounts"), *item;
        size_t i;

        json_array_foreach(binds, i, item) {
                struct str rest = str_from(json_string_value(item));

                str_cut(&rest, ':');
                if (is_tmpfs(body, str_cut(&rest, ':')))
                        return true;
        }
        json_array_foreach(mounts, i, item) {
                const char *target = json_string_value(get(item, "Target"));

                if (target && is_tmpfs(body, str_from(target)))
                        return true;
        }
        return false;
}

const char *client_conflict(json_t *body) {
        json_int_t limit = integer(body, "Memory"), swap = integer(body, "MemorySwap");
        json_t *log = setting(body, "LogConfig");
        const char *driver = json_string_value(get(log, "Type"));

        if (limit > 0 && swap > 0 && swap < limit)
                return "swap below memory";
        if (limit > 0 && integer(body, "MemoryReservation") > limit)
                return "a reservation above the limit";
        if (integer(body, "NanoCpus") > 0 && (integer(body, "CpuQuota") > 0 || integer(body, "CpuPeriod") > 0))
                return "processors and a quota or period";
        if (driver && strcmp(driver, "local") == 0 && has_foreign_log_option(log))
                return "an option of another log driver";
        if (mounts_over_tmpfs(body))
                return "a mount where a tmpfs is";
        return NULL;
}
