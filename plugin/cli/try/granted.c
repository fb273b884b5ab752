#include "granted.h"
#include "docksill/base/cleanup.h"

/* Docker's own first: the five that it takes to become somebody else and to take files along, then the others (moby
 * oci/caps/defaults.go); then the rest of linux/capability.h, the newest last: kernels may lack them. */
static const struct str names[] = {
        STR("SETUID"),
        STR("SETGID"),
        STR("CHOWN"),
        STR("DAC_OVERRIDE"),
        STR("FOWNER"),
        STR("NET_BIND_SERVICE"),
        STR("NET_RAW"),
        STR("KILL"),
        STR("SETPCAP"),
        STR("SYS_CHROOT"),
        STR("FSETID"),
        STR("MKNOD"),
        STR("AUDIT_WRITE"),
        STR("SETFCAP"),
        STR("NET_ADMIN"),
        STR("SYS_ADMIN"),
        STR("SYS_PTRACE"),
        STR("SYS_NICE"),
        STR("SYS_RESOURCE"),
        STR("IPC_LOCK"),
        STR("DAC_READ_SEARCH"),
        STR("LINUX_IMMUTABLE"),
        STR("NET_BROADCAST"),
        STR("IPC_OWNER"),
        STR("SYS_MODULE"),
        STR("SYS_RAWIO"),
        STR("SYS_PACCT"),
        STR("SYS_BOOT"),
        STR("SYS_TIME"),
        STR("SYS_TTY_CONFIG"),
        STR("LEASE"),
        STR("AUDIT_CONTROL"),
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

#define DOCKERS 14

static bool lists(const json_t *list, struct str name) {
        struct str prefix = STR("CAP_");
        size_t i;
        json_t *one;

        json_array_foreach(list, i, one) {
                struct str s = str_from(json_string_value(one));

                if (s.n > prefix.n && str_eq_fold(str_first(s, prefix.n), prefix))
                        s = str_skip(s, prefix.n);
                if (str_eq_fold(s, name))
                        return true;
        }
        return false;
}

static bool is_granted(size_t i, const json_t *host, bool privileged) {
        const json_t *add = json_object_get(host, "CapAdd"), *drop = json_object_get(host, "CapDrop");
        struct str all = STR("ALL");

        if (privileged)
                return true;
        /* Of drop ALL the additions stay; of add ALL what is dropped by name goes. */
        if (lists(drop, all))
                return lists(add, names[i]) || lists(add, all);
        if (lists(drop, names[i]))
                return lists(add, names[i]) && !lists(add, all);
        return i < DOCKERS || lists(add, names[i]) || lists(add, all);
}

size_t granted_read(struct str *out, const json_t *host) {
        bool privileged = json_is_true(json_object_get(host, "Privileged"));
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                if (is_granted(i, host, privileged))
                        out[n++] = names[i];
        return n;
}
