/* The least that a fan-out can cost on this machine: the floor of the delivery rows.

   Takes WebSocket watchers on one port and lines on another, both chosen by the kernel and printed. Every
   line becomes one text frame; the frames of one read are sent with one send() to each watcher. Ends with its
   stdin.
*/
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 100000
#define ROOM (1 << 20)

enum kind { NEW, WATCHER, CONTROL };

static enum kind kinds[MOST];
static int watchers[MOST], count;
static char lines[ROOM], frames[2 * ROOM], heard[ROOM];
static size_t unread;

static const char WELCOME[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    "\x81\x10{\"kind\":\"ready\"}";

static int door(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (void *)&at, sizeof at) || listen(fd, 4096)) {
        perror("listen");
        exit(1);
    }
    return fd;
}

static int port(int fd)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    getsockname(fd, (void *)&at, &size);
    return ntohs(at.sin_port);
}

static void let_in(int epoll, int door, enum kind kind)
{
    int fd, on = 1;
    while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        kinds[fd] = kind;
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

static void let_go(int fd)
{
    for (int i = 0; i < count; i++)
        if (watchers[i] == fd) {
            watchers[i] = watchers[--count];
            break;
        }
    close(fd);
}

static size_t framed(char *to, const char *line, size_t size)
{
    size_t head = 2;
    to[0] = (char)0x81;
    if (size < 126)
        to[1] = (char)size;
    else {
        to[1] = 126, to[2] = (char)(size >> 8), to[3] = (char)size;
        head = 4;
    }
    memcpy(to + head, line, size);
    return head + size;
}

static void send_out(void)
{
    char *line = lines, *end;
    size_t size = 0;
    while ((end = memchr(line, '\n', unread - (line - lines)))) {
        size += framed(frames + size, line, end - line);
        line = end + 1;
    }
    unread -= line - lines;
    memmove(lines, line, unread);
    for (int i = 0; size && i < count; i++)
        if (send(watchers[i], frames, size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)size)
            fputs("a watcher does not read\n", stderr);
}

int main(void)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int epoll = epoll_create1(0), entrance = door(), control = door();
    struct epoll_event events[256], event = {.events = EPOLLIN, .data.fd = entrance};
    epoll_ctl(epoll, EPOLL_CTL_ADD, entrance, &event);
    event.data.fd = control;
    epoll_ctl(epoll, EPOLL_CTL_ADD, control, &event);
    event.data.fd = STDIN_FILENO;
    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    printf("%d %d\n", port(entrance), port(control));
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd, lines_come = kinds[fd] == CONTROL;
            if (fd == STDIN_FILENO)
                return 0;
            if (fd == entrance || fd == control) {
                let_in(epoll, fd, fd == control ? CONTROL : NEW);
                continue;
            }
            ssize_t size = lines_come ? recv(fd, lines + unread, ROOM - unread, 0) : recv(fd, heard, ROOM, 0);
            if (size < 0 && errno == EAGAIN)
                continue;
            if (size <= 0)
                let_go(fd);
            else if (lines_come) {
                unread += size;
                send_out();
            } else if (kinds[fd] == NEW && memmem(heard, size, "\r\n\r\n", 4)) {
                kinds[fd] = WATCHER;
                watchers[count++] = fd;
                send(fd, WELCOME, sizeof WELCOME - 1, MSG_NOSIGNAL);
            }
        }
    }
}
