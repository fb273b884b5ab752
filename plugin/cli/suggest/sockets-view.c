#include "host-view.h"

#define LISTENERS_MOST 256 /* that are told apart */

/* include/net/tcp_states.h */
#define STATE_ESTABLISHED "01"
#define STATE_CLOSED      "07" /* of UDP: open, and bound to no peer */
#define STATE_LISTEN      "0A"

/* Addresses stand as the host's words in hex: 127.0.0.1 is 0100007F on a host that counts from the little end. */
static bool is_loopback(struct str address) {
        static const char v6[] = "00000000000000000000000001000000", mapped[] = "0000000000000000FFFF0000";

        if (address.n == 32 && str_starts(address, str_from(mapped)))
                address = str_skip(address, 24);
        return address.n == 32 ? str_eqz(address, v6) : address.n == 8 && str_ends(address, STR_C("7F"));
}

/* 127.0.0.11: where the engine itself answers questions for names. */
static bool is_engine(struct str address) {
        return str_eqz(address, "0B00007F");
}

static unsigned hexadecimal(struct str s) {
        unsigned n = 0;

        for (size_t i = 0; i < s.n && i < 8; ++i) {
                char c = ascii_lower(s.p[i]);

                n = n << 4 | (unsigned)(ascii_digit(c) ? c - '0' : (c - 'a' + 10) & 15);
        }
        return n;
}

static void add_listener(struct observed *o, struct observed_listener l) {
        for (size_t i = 0; i < o->listeners.n; ++i) {
                struct observed_listener *known = &o->listeners.items[i];

                if (known->port == l.port && known->udp == l.udp) {
                        known->loopback = known->loopback && l.loopback;
                        return;
                }
        }
        if (o->listeners.n < LISTENERS_MOST)
                ARENA_ADD(o->arena, &o->listeners, l);
}

/* The next word of a line. */
static struct str word_of(struct str *rest) {
        *rest = str_trim(*rest);
        return str_cut(rest, ' ');
}

struct table {
        const char *name;
        bool udp;
        unsigned inode; /* which word of a line has its number, from 0 on */
        bool *any;      /* of sockets that are only counted */
};

/* A socket of its own, by its number. */
static bool is_own(const struct observed *o, struct str line, const struct table *t) {
        int64_t inode;

        for (unsigned i = 0; i < t->inode; ++i)
                (void)word_of(&line);
        if (str_int(word_of(&line), &inode) < 0)
                return false;
        for (size_t i = 0; i < o->sockets.n; ++i)
                if (o->sockets.items[i] == inode)
                        return true;
        return false;
}

/* "   0: 00000000:0050 00000000:0000 0A …" */
static void add_socket(struct observed *o, struct str line, bool udp) {
        struct str local, remote, state, address;
        unsigned port;

        (void)word_of(&line);
        local = word_of(&line);
        remote = word_of(&line);
        state = word_of(&line);
        address = str_cut(&local, ':');
        port = hexadecimal(local);
        if (!local.p || is_engine(address))
                return;
        if (str_eqz(state, udp ? STATE_CLOSED : STATE_LISTEN))
                add_listener(o, (struct observed_listener){
                                        .port = (uint16_t)port, .udp = udp, .loopback = is_loopback(address) });
        else if (str_eqz(state, STATE_ESTABLISHED) && !is_loopback(str_cut(&remote, ':')))
                ++o->connections;
}

/* A line of titles comes first. */
static int see(struct observed *o, const struct host_places *places, int64_t pid, bool shared, const struct table *t) {
        struct str text;
        int r = host_file(o, places, pid, t->name, &text);

        if (r < 0)
                return r;
        (void)str_cut(&text, '\n');
        while (text.n) {
                struct str line = str_cut(&text, '\n');

                if (str_trim(line).n == 0 || (shared && !is_own(o, line, t)))
                        continue;
                if (t->any)
                        *t->any = true;
                else
                        add_socket(o, line, t->udp);
        }
        return 0;
}

int sockets_view(struct observed *o, const struct host_places *places, int64_t pid, bool shared) {
        const struct table tables[] = {
                { "net/tcp", false, 9, NULL },
                { "net/udp", true, 9, NULL },
                { "net/tcp6", false, 9, NULL },
                { "net/udp6", true, 9, NULL },
                { "net/raw", false, 9, &o->raw_sockets },
                { "net/raw6", false, 9, &o->raw_sockets },
                { "net/packet", false, 8, &o->packet_sockets },
        };

        for (size_t i = 0; i < ARRAY_SIZE(tables); ++i) {
                int r = see(o, places, pid, shared, &tables[i]);

                /* The others are not there where the kernel has no IPv6, or the module of packet sockets is not
                 * loaded. */
                if (r < 0 && i < 2)
                        return r;
        }
        o->sockets_told = true;
        return 0;
}
