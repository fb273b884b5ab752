#include "fit.h"

static const struct observed_listener *listener_of(const struct fitting *f, const struct port_fact *p) {
        bool udp = str_eqz(p->protocol.value, "udp");

        for (size_t i = 0; i < f->o->listeners.n; ++i) {
                const struct observed_listener *l = &f->o->listeners.items[i];

                if (l->udp == udp && l->port >= p->container.lo && l->port <= p->container.hi)
                        return l;
        }
        return NULL;
}

static void fit_port(const struct fitting *f, const struct port_fact *p) {
        const struct observed_listener *l = listener_of(f, p);
        struct str name = fit_text(f, "%d/%" STR_FMT, (int)p->container.lo, STR_ARG(p->protocol.value));
        struct suggestion *s;

        if ((l && !l->loopback) || (!str_eqz(p->protocol.value, "tcp") && !str_eqz(p->protocol.value, "udp")))
                return;
        s = fit_add(f, "ports", fit_by_age(f));
        s->applied = s->sure == LIKELY;
        s->instead = fit_text(f, "leave out -p …:%" STR_FMT, STR_ARG(name));
        s->evidence = l ? STR_C("what listens there listens on the container's own loopback: nobody outside reaches it")
                        : STR_C("nothing listens there");
        if (p->container.lo == p->container.hi)
                fit_edit(f, s, EDIT_NO_PORT, name);
        else
                s->applied = false;
}

/* A moment without a connection is no proof, so it is advice. */
static void fit_network(const struct fitting *f) {
        struct str network = f->facts->container.network.value;
        struct suggestion *s;

        if (str_eqz(network, "none") || f->o->listeners.n || f->o->connections || f->o->raw_sockets ||
            f->o->packet_sockets)
                return;
        s = fit_add(f, "network", OVER_TIME);
        s->applied = false;
        s->instead = STR_C("try --network none");
        s->evidence = STR_C("it listens on no port, and is connected to nothing at the moment");
}

void fit_ports(const struct fitting *f) {
        const struct port_fact *ports = f->facts->container.ports.items;

        if (!f->o->sockets_told)
                return;
        for (size_t i = 0; i < f->facts->container.ports.n; ++i)
                fit_port(f, &ports[i]);
        fit_network(f);
}
