#include "stop.h"
#include "docksill/base/cleanup.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };

/* A handler has no other place. */
volatile sig_atomic_t stop_signal;

static void on_signal(int signal) {
        if (!stop_signal)
                stop_signal = signal;
}

void stop_begin(struct stop *s) {
        struct sigaction keep = { .sa_handler = on_signal }, ignore = { .sa_handler = SIG_IGN };

        for (size_t i = 0; i < ARRAY_SIZE(signals); ++i) {
                (void)sigaction(signals[i], NULL, &s->before[i]);
                /* Who started us with nohup wants it so. */
                if (s->before[i].sa_handler != SIG_IGN)
                        (void)sigaction(signals[i], signals[i] == SIGPIPE ? &ignore : &keep, NULL);
        }
}

void stop_end(const struct stop *s) {
        for (size_t i = 0; i < ARRAY_SIZE(signals); ++i)
                (void)sigaction(signals[i], &s->before[i], NULL);
        if (stop_signal) {
                (void)signal(stop_signal, SIG_DFL);
                (void)raise(stop_signal);
        }
}
