#include "observed.h"
#include "docksill/base/cleanup.h"

void observed_init(struct observed *o, struct arena *arena, struct str id) {
        *o = (struct observed){
                .arena = arena,
                .id = id,
                .age = UNTOLD,
                .memory = UNTOLD,
                .memory_peak = UNTOLD,
                .cache = UNTOLD,
                .memory_hits = UNTOLD,
                .pids = UNTOLD,
                .pids_peak = UNTOLD,
                .cpu = UNTOLD,
                .throttled = UNTOLD,
                .processors = UNTOLD,
        };
}

void observed_unseen(struct observed *o, const char *fmt, ...) {
        struct text t;
        va_list args;

        text_init_arena(&t, o->arena);
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        if (!t.failed && !str_is_among(text_str(&t), o->unseen.items, o->unseen.n))
                ARENA_ADD(o->arena, &o->unseen, text_str(&t));
}

/* linux/capability.h, by their bits. */
static const struct str names[] = {
        STR("CHOWN"),
        STR("DAC_OVERRIDE"),
        STR("DAC_READ_SEARCH"),
        STR("FOWNER"),
        STR("FSETID"),
        STR("KILL"),
        STR("SETGID"),
        STR("SETUID"),
        STR("SETPCAP"),
        STR("LINUX_IMMUTABLE"),
        STR("NET_BIND_SERVICE"),
        STR("NET_BROADCAST"),
        STR("NET_ADMIN"),
        STR("NET_RAW"),
        STR("IPC_LOCK"),
        STR("IPC_OWNER"),
        STR("SYS_MODULE"),
        STR("SYS_RAWIO"),
        STR("SYS_CHROOT"),
        STR("SYS_PTRACE"),
        STR("SYS_PACCT"),
        STR("SYS_ADMIN"),
        STR("SYS_BOOT"),
        STR("SYS_NICE"),
        STR("SYS_RESOURCE"),
        STR("SYS_TIME"),
        STR("SYS_TTY_CONFIG"),
        STR("MKNOD"),
        STR("LEASE"),
        STR("AUDIT_WRITE"),
        STR("AUDIT_CONTROL"),
        STR("SETFCAP"),
        STR("MAC_OVERRIDE"),
        STR("MAC_ADMIN"),
        STR("SYSLOG"),
        STR("WAKE_ALARM"),
        STR("BLOCK_SUSPEND"),
        STR("AUDIT_READ"),
        STR("PERFMON"),
        STR("BPF"),
        STR("CHECKPOINT_RESTORE"),
};

struct str capability_name(struct arena *arena, unsigned bit) {
        struct text t;

        if (bit < ARRAY_SIZE(names))
                return names[bit];
        text_init_arena(&t, arena);
        text_addf(&t, "CAP_%u", bit);
        return text_str(&t);
}

bool capability_bit(struct str name, unsigned *bit) {
        static const struct str prefix = STR("CAP_");

        if (name.n > prefix.n && str_eq_fold(str_first(name, prefix.n), prefix))
                name = str_skip(name, prefix.n);
        for (unsigned i = 0; i < ARRAY_SIZE(names); ++i)
                if (str_eq_fold(name, names[i])) {
                        *bit = i;
                        return true;
                }
        return false;
}
