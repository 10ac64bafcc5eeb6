/* Many watchers of one server, cheaply: one thread, one epoll. `crowd.py` drives it.

   watchers PORT CONTROL SIZE HEADER: reads commands from stdin and answers each with one line of JSON.

     open N W PATH   connect N more, at most W at a time; done when each has read `"kind":"ready"`
     publish M B     M times: write B lines to the control port, wait until every watcher has them all
     expect M        wait for M marks that somebody else publishes; answers "ready" first
     cut             hang up everything with a reset
     quit

   A mark is `~TS=<19 digits, CLOCK_MONOTONIC in ns>;SQ=<8 digits>;` anywhere in a frame; the first of a frame
   counts. Times in the answers are microseconds. Whatever stands still for STILL seconds is given up.
*/
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM (1 << 20)
#define MOST 100000
#define STILL 40
#define MARK 36
#define READY "\"kind\":\"ready\""
#define PER_ADDRESS 8000 /* ports used of one loopback address */

enum state { CONNECTING, ASKED, JOINING, LIVE };

struct watcher {
    int fd;
    enum state state;
    char *kept; /* what was read and not yet understood */
    size_t size;
};

static struct watcher all[MOST];
static int count, live, closed, port, control = -1, epoll;
static const char *header, *path;
static size_t line_size;
static char heard[ROOM];
static uint64_t replayed, bytes, moved;

/* what is being measured */
static int marks, *missing, *took;
static uint64_t delivered, doubled;
static int whole;

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static int dial(int to, int place, int flags)
{
    int fd = socket(AF_INET, SOCK_STREAM | flags, 0), on = 1;
    struct linger reset = {1, 0};
    struct sockaddr_in from = {.sin_family = AF_INET}, at = {.sin_family = AF_INET, .sin_port = htons(to)};
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + place / PER_ADDRESS);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (void *)&from, sizeof from))
        die("bind");
    if (connect(fd, (void *)&at, sizeof at) && errno != EINPROGRESS)
        die("connect");
    return fd;
}

static void hang_up(struct watcher *w)
{
    close(w->fd);
    free(w->kept);
    live -= w->state == LIVE;
    *w = (struct watcher){.fd = -1};
    closed++;
}

static void ask(struct watcher *w)
{
    char request[4096];
    int failed = 0;
    socklen_t size = sizeof failed;
    getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &failed, &size);
    errno = failed;
    if (failed)
        die("connect");
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s\r\n",
        path, port, header, *header ? "\r\n" : "");
    if (send(w->fd, request, length, MSG_NOSIGNAL) != length)
        die("upgrade");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = w};
    epoll_ctl(epoll, EPOLL_CTL_MOD, w->fd, &event);
    w->state = ASKED;
}

static long digits(const char *text, int length)
{
    long value = 0;
    for (int i = 0; i < length; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static void marked(const char *mark, uint64_t at)
{
    long sent = digits(mark + 4, 19), number = digits(mark + 27, 8);
    if (number < 0 || number >= marks || !missing[number]) {
        doubled++;
        return;
    }
    took[delivered++] = (int)((at - sent) / 1000);
    if (!--missing[number])
        whole++;
    moved = at;
}

static void pong(struct watcher *w, const char *body, size_t size)
{
    char frame[131] = {(char)0x8A, (char)(0x80 | size)}; /* masked with zeros */
    memcpy(frame + 6, body, size);
    send(w->fd, frame, 6 + size, MSG_NOSIGNAL);
}

static void frame(struct watcher *w, int kind, const char *body, size_t size, uint64_t at)
{
    static size_t usual; /* where the last mark stood */
    if (kind == 9)
        pong(w, body, size);
    else if (kind == 1 && w->state == JOINING) {
        if (memmem(body, size, READY, sizeof READY - 1)) {
            w->state = LIVE;
            live++;
            moved = at;
        } else
            replayed++;
    } else if (kind == 1 && marks) {
        const char *mark = size >= usual + MARK && !memcmp(body + usual, "~TS=", 4) ? body + usual
                                                                                   : memmem(body, size, "~TS=", 4);
        if (mark) {
            usual = mark - body;
            marked(mark, at);
        }
    }
}

/* Reads whole frames; answers how many bytes were used. */
static size_t frames(struct watcher *w, const char *data, size_t size, uint64_t at)
{
    size_t used = 0;
    while (size - used >= 2) {
        const uint8_t *head = (const uint8_t *)data + used;
        size_t length = head[1] & 127, skip = 2;
        if (length == 126) {
            if (size - used < 4)
                break;
            length = head[2] << 8 | head[3], skip = 4;
        } else if (length == 127) {
            if (size - used < 10)
                break;
            length = 0, skip = 10;
            for (int i = 0; i < 8; i++)
                length = length << 8 | head[2 + i];
        }
        if (size - used < skip + length)
            break;
        frame(w, head[0] & 15, data + used + skip, length, at);
        used += skip + length;
    }
    return used;
}

static size_t understood(struct watcher *w, const char *data, size_t size, uint64_t at)
{
    size_t head = 0;
    if (w->state == ASKED) {
        const char *end = memmem(data, size, "\r\n\r\n", 4);
        if (!end)
            return 0;
        if (memcmp(data, "HTTP/1.1 101", 12)) {
            fprintf(stderr, "%.*s\n", (int)size, data);
            exit(3);
        }
        w->state = JOINING;
        head = end + 4 - data;
    }
    return head + frames(w, data + head, size - head, at);
}

static void hear(struct watcher *w)
{
    ssize_t size = recv(w->fd, heard, ROOM, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        hang_up(w);
        return;
    }
    uint64_t at = now();
    bytes += size;
    if (!w->size) {
        size_t used = understood(w, heard, size, at);
        if ((w->size = size - used)) {
            w->kept = malloc(w->size);
            memcpy(w->kept, heard + used, w->size);
        }
        return;
    }
    w->kept = realloc(w->kept, w->size + size);
    memcpy(w->kept + w->size, heard, size);
    w->size += size;
    size_t used = understood(w, w->kept, w->size, at);
    w->size -= used;
    memmove(w->kept, w->kept + used, w->size);
    if (!w->size) {
        free(w->kept);
        w->kept = NULL;
    }
}

/* Handles what happened; true when there is something on stdin. */
static int turn(int wait)
{
    struct epoll_event events[1024];
    int ready = epoll_wait(epoll, events, 1024, wait), asked = 0;
    for (int i = 0; i < ready; i++) {
        struct watcher *w = events[i].data.ptr;
        if (!w)
            asked = 1;
        else if (w->fd >= 0 && w->state == CONNECTING)
            ask(w);
        else if (w->fd >= 0)
            hear(w);
    }
    return asked;
}

static int still(void)
{
    return now() - moved > STILL * 1000000000ull;
}

static void dial_one(void)
{
    struct watcher *w = &all[count];
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = w};
    *w = (struct watcher){.fd = dial(port, count, SOCK_NONBLOCK)};
    epoll_ctl(epoll, EPOLL_CTL_ADD, w->fd, &event);
    count++;
}

static void open_all(int more, int at_once)
{
    uint64_t begun = moved = now(), before = replayed, read = bytes;
    int last = count + more < MOST ? count + more : MOST;
    while (live + closed < last && !still()) {
        while (count < last && count - live - closed < at_once)
            dial_one();
        turn(100);
    }
    printf("{\"seconds\":%.4f,\"live\":%d,\"closed\":%d,\"replayed\":%lu,\"bytes\":%lu}\n",
        (moved - begun) / 1e9, live, closed, replayed - before, bytes - read);
}

static void cut(void)
{
    for (int i = 0; i < count; i++)
        if (all[i].fd >= 0)
            hang_up(&all[i]);
    printf("{\"cut\":%d}\n", count);
    count = closed = 0;
}

static void publish(int first, int several)
{
    static char text[ROOM];
    size_t size = 0;
    for (int i = 0; i < several; i++, size += line_size) {
        char *line = text + size;
        int head = sprintf(line, "{\"id\":\"~TS=%019lu;SQ=%08d;\",\"text\":\"", now(), first + i);
        memset(line + head, 'x', line_size - head);
        memcpy(line + line_size - 3, "\"}\n", 3);
    }
    if (send(control, text, size, MSG_NOSIGNAL) != (ssize_t)size)
        die("publish");
}

static int by_size(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* `rounds` of `several` marks each; `several` 0: somebody else publishes. */
static void measure(int rounds, int several)
{
    int sent = 0, expected = live;
    marks = rounds * (several ? several : 1);
    whole = delivered = doubled = 0;
    missing = malloc(sizeof *missing * marks);
    took = malloc(sizeof *took * marks * (expected + 1));
    for (int i = 0; i < marks; i++)
        missing[i] = expected;
    uint64_t begun = moved = now();
    if (!several) {
        puts("{\"ready\":true}");
        fflush(stdout);
    }
    while (whole < marks && !still()) {
        if (several && whole == sent) {
            publish(sent, several);
            sent += several;
        }
        turn(several ? 0 : 100); /* busy, so that waking us costs the server nothing */
    }
    qsort(took, delivered, sizeof *took, by_size);
    printf("{\"seconds\":%.4f,\"delivered\":%lu,\"missing\":%ld,\"doubled\":%lu,\"p50\":%d,\"p99\":%d,\"max\":%d}\n",
        (moved - begun) / 1e9, delivered, (long)marks * expected - (long)delivered, doubled,
        delivered ? took[delivered / 2] : 0, delivered ? took[delivered * 99 / 100] : 0,
        delivered ? took[delivered - 1] : 0);
    free(missing);
    free(took);
    marks = 0;
}

int main(int words, char **word)
{
    struct rlimit files;
    char line[4096], where[4096];
    int number, several, at_once;
    if (words != 5)
        return 1;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    port = atoi(word[1]), line_size = atoi(word[3]), header = word[4];
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
    if (atoi(word[2]))
        control = dial(atoi(word[2]), 0, 0);
    for (;;) {
        while (!turn(-1))
            continue;
        if (!fgets(line, sizeof line, stdin) || !strcmp(line, "quit\n"))
            return 0;
        if (sscanf(line, "open %d %d %4000s", &number, &at_once, where) == 3) {
            path = where;
            open_all(number, at_once);
        } else if (sscanf(line, "publish %d %d", &number, &several) == 2)
            measure(number, several);
        else if (sscanf(line, "expect %d", &number) == 1)
            measure(number, 0);
        else
            cut();
        fflush(stdout);
    }
}
