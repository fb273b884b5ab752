#include "suggest/host-view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#define ID "3d42e07255377f385c05815a35c8647c5d6042d1951022bef7ccdab865d543a4"

/* A host with a container of one process, 50, and what belongs to it. */
struct host {
        struct fixture fixture;
        char proc[96], cgroup[96];
        struct host_places places;
        struct arena arena;
        struct observed observed;
};

#define STATUS(user, capabilities, confined)                                                                           \
        "Name:\tsrv\nState:\tS (sleeping)\nUid:\t" user "\nGid:\t" user "\nCapInh:\t0000000000000000\n"                \
        "CapPrm:\t" capabilities "\nCapEff:\t" capabilities "\nCapBnd:\t00000000a80425fb\n"                            \
        "CapAmb:\t0000000000000000\nNoNewPrivs:\t" confined "\nSeccomp:\t2\n"
#define TITLES "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

static void add_process(struct host *h, const char *pid, const char *status, const char *cgroup) {
        static const char everybody[] = "         0          0 4294967295\n";
        const struct {
                const char *name, *text;
        } files[] = { { "status", status }, { "cgroup", cgroup }, { "uid_map", everybody }, { "gid_map", everybody } };
        char name[96];

        for (size_t i = 0; i < ARRAY_SIZE(files); ++i) {
                snprintf(name, sizeof(name), "proc/%s/%s", pid, files[i].name);
                fixture_write(&h->fixture, name, files[i].text);
        }
        snprintf(name, sizeof(name), "proc/%s/fd", pid);
        fixture_folder(&h->fixture, name, 0755);
}

static void add_file(struct host *h, const char *fd, const char *path, const char *flags) {
        char name[96], text[96];

        snprintf(name, sizeof(name), "proc/50/fd/%s", fd);
        fixture_link(&h->fixture, name, path);
        snprintf(name, sizeof(name), "proc/50/fdinfo/%s", fd);
        snprintf(text, sizeof(text), "pos:\t0\nflags:\t%s\nmnt_id:\t126\n", flags);
        fixture_write(&h->fixture, name, text);
}

static void host_init(struct host *h) {
        *h = (struct host){ 0 };
        fixture_init(&h->fixture);
        snprintf(h->proc, sizeof(h->proc), "%s/proc", h->fixture.folder);
        snprintf(h->cgroup, sizeof(h->cgroup), "%s/cgroup", h->fixture.folder);
        h->places = (struct host_places){ h->proc, h->cgroup };
        arena_init(&h->arena, 8 << 20);
        observed_init(&h->observed, &h->arena, STR_C(ID));
        add_process(h, "50", STATUS("0\t0\t0\t0", "00000000a80425fb", "0"), "0::/docker/" ID "\n");
        fixture_write(&h->fixture, "proc/50/mountinfo",
                      "109 61 0:50 / / rw,relatime - overlay overlay rw\n"
                      "126 109 254:0 /srv /data\\040two rw,relatime - ext4 /dev/vda rw\n"
                      "127 109 254:0 /etc/x /etc/x ro,relatime - ext4 /dev/vda rw\n");
        fixture_folder(&h->fixture, "proc/50/root", 0755);
        fixture_write(&h->fixture, "proc/50/net/tcp", TITLES);
        fixture_write(&h->fixture, "proc/50/net/udp", TITLES);
}

static void host_deinit(struct host *h) {
        fixture_deinit(&h->fixture);
        arena_deinit(&h->arena);
}

static void look(struct host *h) {
        const struct host_view view = { .places = &h->places, .first = 50, .started = UNTOLD };

        arena_latch(&h->arena);
        assert_int_equal(host_view(&h->observed, &view), 0);
        assert_false(arena_unlatch(&h->arena));
}

static bool is_unseen(const struct observed *o, const char *words) {
        for (size_t i = 0; i < o->unseen.n; ++i)
                if (str_search(o->unseen.items[i], str_from(words)) < o->unseen.items[i].n)
                        return true;
        return false;
}

static void reads_users_and_capabilities(void **state) {
        const struct observed_process *p;
        struct host h;

        (void)state;
        host_init(&h);
        add_process(&h, "51", STATUS("10001\t0\t0\t10001", "0000000000000400", "1"), "0::/docker/" ID "/sub\n");
        fixture_write(&h.fixture, "cgroup/docker/" ID "/cgroup.procs", "50\n51\n");
        look(&h);
        assert_int_equal(h.observed.processes.n, 2);
        assert_true(h.observed.processes_told);
        p = &h.observed.processes.items[0];
        assert_true(p->first);
        assert_int_equal(p->user[ID_EFFECTIVE], 0);
        assert_int_equal(p->effective, 0xa80425fb);
        assert_false(p->no_new_privileges);
        p = &h.observed.processes.items[1];
        assert_false(p->first);
        assert_int_equal(p->user[ID_REAL], 10001);
        assert_int_equal(p->user[ID_EFFECTIVE], 0);
        assert_int_equal(p->permitted, 1 << CAPABILITY_NET_BIND_SERVICE);
        assert_true(p->no_new_privileges);
        assert_true(str_eqz(p->name, "srv"));
        host_deinit(&h);
}

/* A root inside may be somebody else on the host. */
static void counts_users_as_the_container_does(void **state) {
        struct host h;

        (void)state;
        host_init(&h);
        add_process(&h, "50", STATUS("100000\t100000\t100101\t5", "0000000000000000", "0"), "0::/docker/" ID "\n");
        fixture_write(&h.fixture, "proc/50/uid_map", "0 100000 65536\n");
        look(&h);
        assert_int_equal(h.observed.processes.items[0].user[ID_REAL], 0);
        assert_int_equal(h.observed.processes.items[0].user[ID_SAVED], 101);
        assert_int_equal(h.observed.processes.items[0].user[ID_FILES], ID_UNMAPPED);
        assert_true(h.observed.ids_mapped);
        host_deinit(&h);
}

/* The engine may run on another host, or in a virtual machine: its numbers are somebody else's here. */
static void takes_no_process_of_others(void **state) {
        struct host h;

        (void)state;
        host_init(&h);
        fixture_write(&h.fixture, "proc/50/cgroup", "0::/user.slice\n");
        look(&h);
        assert_int_equal(h.observed.processes.n, 0);
        assert_false(h.observed.mounts_told);
        assert_true(is_unseen(&h.observed, "process 50 of"));
        host_deinit(&h);

        /* One that the engine's list names, and that ended; its number is another's by now. */
        host_init(&h);
        add_process(&h, "60", STATUS("0\t0\t0\t0", "000001ffffffffff", "0"), "0::/init.scope\n");
        ARENA_ADD(&h.arena, &h.observed.pids_told, 60);
        ARENA_ADD(&h.arena, &h.observed.pids_told, 61);
        look(&h);
        assert_int_equal(h.observed.processes.n, 1);
        assert_int_equal(h.observed.processes.items[0].pid, 50);
        host_deinit(&h);

        /* In a cgroup namespace the name is cut off, and the mounts tell. */
        host_init(&h);
        fixture_write(&h.fixture, "proc/50/cgroup", "0::/\n");
        fixture_write(&h.fixture, "proc/50/mountinfo",
                      "1 1 0:5 /var/lib/docker/containers/" ID "/hosts /etc/hosts rw - ext4 /dev/vda rw\n");
        look(&h);
        assert_int_equal(h.observed.processes.n, 1);
        host_deinit(&h);
}

static void reads_files_open_for_writing(void **state) {
        struct host h;

        (void)state;
        host_init(&h);
        add_file(&h, "0", "/dev/null", "0100002");
        add_file(&h, "1", "/data two/log", "0102001");
        add_file(&h, "2", "pipe:[129467]", "01");
        add_file(&h, "3", "/etc/conf", "0100000");
        add_file(&h, "4", "/tmp/ibXYZ (deleted)", "0100002");
        add_file(&h, "5", "/data two/log", "0102001");
        add_file(&h, "6", "/memfd:x (deleted)", "02");
        add_file(&h, "7", "/dev/shm/segment", "02");
        look(&h);
        assert_true(h.observed.files_told);
        assert_int_equal(h.observed.files.n, 3);
        for (size_t i = 0; i < 3; ++i) {
                const struct observed_file *f = &h.observed.files.items[i];

                assert_true(str_eqz(f->path, "/data two/log") || str_eqz(f->path, "/dev/shm/segment") ||
                            (str_eqz(f->path, "/tmp/ibXYZ") && f->deleted));
                assert_true(str_eqz(f->process, "srv"));
        }
        host_deinit(&h);
}

static void reads_mounts(void **state) {
        struct host h;

        (void)state;
        host_init(&h);
        look(&h);
        assert_true(h.observed.mounts_told);
        assert_int_equal(h.observed.mounts.n, 3);
        assert_true(str_eqz(h.observed.mounts.items[1].target, "/data two"));
        assert_false(h.observed.mounts.items[1].read_only);
        assert_true(h.observed.mounts.items[2].read_only);
        host_deinit(&h);
}

static void reads_what_is_listened_on(void **state) {
        const struct observed_listener *l;
        struct host h;

        (void)state;
        host_init(&h);
        fixture_write(&h.fixture, "proc/50/net/tcp",
                      TITLES "   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1\n"
                             "   1: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 2\n"
                             "   2: 0B00007F:9C40 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 3\n"
                             "   3: 0200A8C0:0050 0300A8C0:D431 01 00000000:00000000 00:00000000 00000000 0 0 4\n"
                             "   4: 0100007F:0CEA 0100007F:D432 01 00000000:00000000 00:00000000 00000000 0 0 5\n");
        fixture_write(&h.fixture, "proc/50/net/tcp6",
                      TITLES
                      "   0: 00000000000000000000000000000000:0CEA 00000000000000000000000000000000:0000 0A 0\n"
                      "   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0\n");
        fixture_write(&h.fixture, "proc/50/net/udp", TITLES "  9: 00000000:0035 00000000:0000 07 00000000:00000000\n");
        fixture_write(&h.fixture, "proc/50/net/raw", TITLES "   1: 00000000:0001 00000000:0000 07 00000000:00000000\n");
        fixture_write(&h.fixture, "proc/50/net/packet", "sk RefCnt Type Proto  Iface R Rmem   User   Inode\n");
        look(&h);
        assert_true(h.observed.sockets_told);
        assert_int_equal(h.observed.listeners.n, 4);
        l = h.observed.listeners.items;
        assert_true(l[0].port == 80 && !l[0].udp && !l[0].loopback);
        assert_true(l[1].port == 3306 && !l[1].loopback); /* on all addresses of IPv6 too */
        assert_true(l[2].port == 53 && l[2].udp);
        assert_true(l[3].port == 8080 && l[3].loopback);
        assert_int_equal(h.observed.connections, 1);
        assert_true(h.observed.raw_sockets);
        assert_false(h.observed.packet_sockets);
        host_deinit(&h);
}

static void reads_no_ports_of_others(void **state) {
        struct host h;
        struct host_view view;

        (void)state;
        host_init(&h);
        add_file(&h, "3", "socket:[77]", "02");
        add_file(&h, "4", "socket:[79]", "02");
        fixture_write(
                &h.fixture, "proc/50/net/tcp",
                TITLES
                "   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1\n"
                "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 78 1\n");
        fixture_write(&h.fixture, "proc/50/net/raw",
                      TITLES
                      "   1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 78 2 x 0\n");
        fixture_write(&h.fixture, "proc/50/net/packet",
                      "sk RefCnt Type Proto  Iface R Rmem   User   Inode\n00000000a 3 3 0003 2 1 0 0 79\n");
        view = (struct host_view){ .places = &h.places, .first = 50, .started = UNTOLD, .shares_network = true };
        assert_int_equal(host_view(&h.observed, &view), 0);
        assert_true(h.observed.sockets_told);
        assert_int_equal(h.observed.listeners.n, 1);
        assert_int_equal(h.observed.listeners.items[0].port, 80);
        assert_false(h.observed.raw_sockets);
        assert_true(h.observed.packet_sockets);
        host_deinit(&h);

        /* Whose they are its files alone tell. */
        host_init(&h);
        assert_int_equal(rmdir(fixture_path(&h.fixture, "proc/50/fd")), 0);
        view = (struct host_view){ .places = &h.places, .first = 50, .started = UNTOLD, .shares_network = true };
        assert_int_equal(host_view(&h.observed, &view), 0);
        assert_false(h.observed.sockets_told);
        assert_true(is_unseen(&h.observed, "its network is not its own"));
        host_deinit(&h);
}

static void counts_by_either_cgroup(void **state) {
        struct host h;

        (void)state;
        host_init(&h);
        fixture_write(&h.fixture, "cgroup/docker/" ID "/memory.current", "1000\n");
        fixture_write(&h.fixture, "cgroup/docker/" ID "/memory.peak", "5000\n");
        fixture_write(&h.fixture, "cgroup/docker/" ID "/memory.stat", "anon 3\nfile 400\nfile_mapped 9\n");
        fixture_write(&h.fixture, "cgroup/docker/" ID "/memory.events", "low 0\nhigh 0\nmax 7\noom 1\n");
        fixture_write(&h.fixture, "cgroup/docker/" ID "/pids.current", "3\n");
        fixture_write(&h.fixture, "cgroup/docker/" ID "/pids.peak", "12\n");
        fixture_write(&h.fixture, "cgroup/docker/" ID "/cpu.stat", "usage_usec 2500000\nnr_throttled 4\n");
        look(&h);
        assert_int_equal(h.observed.memory, 1000);
        assert_int_equal(h.observed.memory_peak, 5000);
        assert_int_equal(h.observed.cache, 400);
        assert_int_equal(h.observed.memory_hits, 7);
        assert_int_equal(h.observed.pids, 3);
        assert_int_equal(h.observed.pids_peak, 12);
        assert_int_equal(h.observed.cpu, 2500000);
        assert_int_equal(h.observed.throttled, 4);
        host_deinit(&h);

        host_init(&h);
        fixture_write(&h.fixture, "proc/50/cgroup",
                      "5:pids:/docker/" ID "\n4:memory:/docker/" ID "\n3:cpu,cpuacct:/docker/" ID "\n0::/docker/" ID
                      "\n");
        fixture_write(&h.fixture, "cgroup/memory/docker/" ID "/memory.usage_in_bytes", "2000\n");
        fixture_write(&h.fixture, "cgroup/memory/docker/" ID "/memory.max_usage_in_bytes", "6000\n");
        fixture_write(&h.fixture, "cgroup/memory/docker/" ID "/memory.failcnt", "1\n");
        fixture_write(&h.fixture, "cgroup/pids/docker/" ID "/pids.current", "2\n");
        fixture_write(&h.fixture, "cgroup/cpuacct/docker/" ID "/cpuacct.usage", "9000000\n");
        look(&h);
        assert_int_equal(h.observed.memory, 2000);
        assert_int_equal(h.observed.memory_peak, 6000);
        assert_int_equal(h.observed.memory_hits, 1);
        assert_int_equal(h.observed.pids, 2);
        assert_int_equal(h.observed.pids_peak, UNTOLD);
        assert_int_equal(h.observed.cpu, 9000);
        host_deinit(&h);

        /* What another cgroup namespace shows leads out of what is mounted here. */
        host_init(&h);
        fixture_write(&h.fixture, "proc/50/cgroup", "0::/../" ID "\n");
        fixture_write(&h.fixture, ID "/memory.current", "1\n");
        look(&h);
        assert_int_equal(h.observed.memory, UNTOLD);
        assert_true(is_unseen(&h.observed, "its cgroup"));
        host_deinit(&h);
}

static void says_what_it_may_not_see(void **state) {
        struct host h;

        (void)state;
        if (geteuid() == 0)
                skip(); /* who may read all; test/engine/suggest.sh looks as somebody else */
        host_init(&h);
        assert_int_equal(chmod(fixture_path(&h.fixture, "proc/50/fd"), 0), 0);
        look(&h);
        assert_false(h.observed.files_told);
        assert_true(is_unseen(&h.observed, "no permission"));
        host_deinit(&h);
}

static void passes_over_what_is_broken(void **state) {
        static const char *const statuses[] = { "", "Uid:\t0\nCapEff:\tzz\n", "Uid:\n" };
        struct host h;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(statuses); ++i) {
                host_init(&h);
                add_process(&h, "50", statuses[i], "0::/docker/" ID "\n");
                fixture_write(&h.fixture, "proc/50/net/tcp", "x\n:\n 0: :: :\n");
                fixture_write(&h.fixture, "proc/50/mountinfo", "1 2\n\n" ID "\n");
                look(&h);
                assert_int_equal(h.observed.processes.n, 0);
                assert_false(h.observed.processes_told);
                host_deinit(&h);
        }
        host_init(&h);
        add_process(&h, "50", "Name:\tx\nState:\tZ (zombie)\nUid:\t0\t0\t0\t0\n", "0::/docker/" ID "\n");
        look(&h);
        assert_int_equal(h.observed.processes.n, 0);
        host_deinit(&h);
}

/* A mount that was written since the start is not only read. */
static void tells_what_was_changed(void **state) {
        struct host h;
        struct host_view view;

        (void)state;
        host_init(&h);
        fixture_write(&h.fixture, "proc/50/root/data two/file", "x");
        view = (struct host_view){ .places = &h.places, .first = 50, .started = 1 };
        assert_int_equal(host_view(&h.observed, &view), 0);
        assert_int_equal(h.observed.sources.n, 1);
        assert_true(str_eqz(h.observed.sources.items[0].target, "/data two"));
        assert_true(h.observed.sources.items[0].changed);
        assert_true(h.observed.sources.items[0].all);

        h.observed.sources.n = 0;
        view.started = INT64_MAX / 2;
        assert_int_equal(host_view(&h.observed, &view), 0);
        assert_false(h.observed.sources.items[0].changed);
        host_deinit(&h);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_users_and_capabilities),
                cmocka_unit_test(counts_users_as_the_container_does),
                cmocka_unit_test(takes_no_process_of_others),
                cmocka_unit_test(reads_files_open_for_writing),
                cmocka_unit_test(reads_mounts),
                cmocka_unit_test(reads_what_is_listened_on),
                cmocka_unit_test(reads_no_ports_of_others),
                cmocka_unit_test(counts_by_either_cgroup),
                cmocka_unit_test(says_what_it_may_not_see),
                cmocka_unit_test(passes_over_what_is_broken),
                cmocka_unit_test(tells_what_was_changed),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
