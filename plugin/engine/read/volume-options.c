#include "volume-options.h"
#include "address.h"
#include "docksill/base/text.h"
#include "facts/cell.h"
#include "go-mount.h"
#include "host-path.h"
#include "tmpfs.h"

static struct str option_find(const struct go_list *options, const char *key) {
        for (size_t i = 0; i < options->n; ++i)
                if (str_eqz(pair_item(options, i)->key, key))
                        return pair_item(options, i)->value.value;
        return (struct str){ 0 };
}

/* The driver splits `o` at commas and takes each word as it is (moby/sys/mount flags). Says whether one asks for a
 * bind. */
static bool read_mount_flags(struct mount_fact *m, struct str o) {
        struct str rest = o;
        bool bind = false;

        while (rest.p) {
                struct str word = str_cut(&rest, ',');

                if (str_eqz(word, "bind") || str_eqz(word, "rbind"))
                        bind = true;
                else if (is_propagation(word))
                        m->propagation = cell_str(word);
        }
        return bind;
}

/* File systems of the kernel or of the net: `device` is a name to them, not a disk. */
static bool is_without_disk(struct str type) {
        static const struct str types[] = {
                STR("9p"),         STR("afs"),       STR("autofs"),   STR("binfmt_misc"), STR("bpf"),
                STR("ceph"),       STR("cgroup"),    STR("cgroup2"),  STR("cifs"),        STR("configfs"),
                STR("debugfs"),    STR("devpts"),    STR("devtmpfs"), STR("efivarfs"),    STR("fuse"),
                STR("fusectl"),    STR("hugetlbfs"), STR("mqueue"),   STR("nfs"),         STR("nfs4"),
                STR("nfsd"),       STR("overlay"),   STR("proc"),     STR("pstore"),      STR("ramfs"),
                STR("securityfs"), STR("selinuxfs"), STR("smb3"),     STR("sysfs"),       STR("tracefs"),
                STR("virtiofs"),   STR("zfs"),
        };

        return str_is_among(type, types, ARRAY_SIZE(types));
}

static bool is_of_a_server(struct str type) {
        static const struct str types[] = {
                STR("9p"), STR("afs"), STR("ceph"), STR("cifs"), STR("nfs"), STR("nfs4"), STR("smb3"),
        };

        return str_is_among(type, types, ARRAY_SIZE(types));
}

/* From the mildest on; what stands first is where there is no server. */
static size_t rank(const struct fact_word *reach) {
        static const enum word reaches[] = { WORD_NONE, WORD_ELSEWHERE, WORD_UNREADABLE, WORD_LOOPBACK,
                                             WORD_LINK_LOCAL };
        size_t i = 0;

        while (i < ARRAY_SIZE(reaches) && !cell_is(reach, reaches[i]))
                ++i;
        return i;
}

static void keep_worst(struct mount_fact *m, enum word reach) {
        const struct fact_word cell = cell_word(reach);

        if (rank(&cell) > rank(&m->reach))
                m->reach = cell;
}

/* Version six stands without brackets in an option of mount(8). */
static void read_server(struct mount_fact *m, struct arena *arena, struct str server) {
        struct address address;
        struct text t;

        text_init_arena(&t, arena);
        if (str_find(server, ':') < str_find_last(server, ':') && !str_starts(server, STR_C("[")))
                text_addf(&t, "[%" STR_FMT "]", STR_ARG(server));
        else
                text_add(&t, server);
        address_read(&address, arena, text_str(&t));
        keep_worst(m, address.reach);
}

static void read_servers(struct mount_fact *m, struct arena *arena, struct str servers, char separator) {
        while (servers.p && !arena_full(arena))
                read_server(m, arena, str_cut(&servers, separator));
}

static bool is_delimiter(char c) {
        return c == '/' || c == '\\';
}

/* As the file system has it: nfs "HOST:/path", cifs "//HOST/share" with either slash, ceph "HOST:PORT,HOST:/path".
 * Where an option names a server, none needs to stand there, and none does in ceph's newer "USER@ID.NAME=/path". */
static void read_device(struct mount_fact *m, struct arena *arena, struct str device) {
        bool named = m->reach.head.given;
        size_t n = 0;

        if (device.n > 1 && is_delimiter(device.p[0]) && is_delimiter(device.p[1])) {
                device = str_skip(device, 2);
                while (n < device.n && !is_delimiter(device.p[n]))
                        ++n;
                read_server(m, arena, str_first(device, n));
                return;
        }
        device = str_first(device, str_find(device, '/'));
        if (str_ends(device, STR_C(":")))
                device = str_first(device, device.n - 1);
        if (named && (str_empty(device) || str_ends(device, STR_C("="))))
                return;
        read_servers(m, arena, device, ',');
}

/*
 * Each server that the kernel may connect to as root, the worst of them kept: of a doubled option the kernel takes the
 * last and dockerd the first (getAddress in moby volume/local/local.go), nfs asks mountaddr= for the file handle and
 * addr= for the rest, ceph goes through a list, and cifs comes back to the host in `device` when the connection is
 * lost.
 */
static void read_reach(struct mount_fact *m, struct arena *arena, struct str o, struct str device) {
        static const struct {
                struct str key;
                char separator; /* of several servers in one option; '\0': there is one */
        } options[] = {
                { STR("addr="), '\0' },
                { STR("ip="), '\0' },
                { STR("mountaddr="), '\0' },
                { STR("mon_addr="), '/' },
        };

        m->reach = cell_word_standard(WORD_NONE);
        while (o.p && !arena_full(arena)) {
                struct str word = str_cut(&o, ',');

                for (size_t i = 0; i < ARRAY_SIZE(options); ++i)
                        if (str_starts(word, options[i].key))
                                read_servers(m, arena, str_skip(word, options[i].key.n), options[i].separator);
                if (str_starts(word, STR_C("source=")))
                        read_device(m, arena, str_skip(word, 7)); /* cifs takes it for the device */
                if (str_starts(word, STR_C("sep=")))
                        keep_worst(m, WORD_UNREADABLE); /* cifs splits the rest at another byte than the comma */
        }
        read_device(m, arena, device);
}

void volume_options_read(struct reading *in, struct mount_fact *m, const struct go_list *options) {
        struct str type = option_find(options, "type"), device = option_find(options, "device");
        struct str o = option_find(options, "o");
        enum word kind;
        bool bind;

        if (o.n > MOUNT_OPTIONS_MOST) {
                arena_refuse(in->arena);
                return;
        }
        bind = read_mount_flags(m, o);
        m->filesystem = cell_str(type);
        /* mount(2) with MS_BIND looks at no type: {"type":"tmpfs","o":"bind","device":"/"} is the host's root. */
        if (bind)
                kind = WORD_HOST;
        else if (str_eqz(type, "tmpfs"))
                kind = WORD_TMPFS;
        else if ((str_empty(type) || str_eqz(type, "none")) && str_empty(device))
                kind = WORD_VOLUME; /* nothing, or a size alone */
        else if (str_empty(type) || str_eqz(type, "none"))
                kind = WORD_HOST;
        else if (is_without_disk(type) || str_empty(device))
                kind = WORD_OTHER_FILESYSTEM;
        else
                kind = WORD_BLOCK_DEVICE; /* also below another name: a node or a link to one may lie anywhere */
        m->kind = cell_word(kind);

        if (cell_is(&m->kind, WORD_TMPFS))
                tmpfs_volume_read(in, m, o);
        if (cell_is(&m->kind, WORD_OTHER_FILESYSTEM) && is_of_a_server(type))
                read_reach(m, in->arena, o, device);
        if (!cell_is(&m->kind, WORD_HOST) && !cell_is(&m->kind, WORD_BLOCK_DEVICE))
                return;
        m->requested = cell_str(device);
        host_path_uncleaned(in->arena, device, &m->source);
}
