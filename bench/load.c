/* A load generator: several kinds of requests, each over and over on kept connections, one thread, epoll, so
 * that it takes little of the machine that it measures. Each connection has one request under way at a time.
 *
 *   load PORT PLAN SECONDS REQUESTS
 *
 * PLAN is a file with a line a flow, words separated by blanks:
 *
 *   NAME CONNECTIONS RATE STATUS METHOD PATH KEY BODY
 *
 * RATE: requests a second of all its connections together, evenly; 0: the next as soon as one is answered.
 * STATUS: what the answers should be. KEY: sent as Authorization: Bearer; BODY: a file of JSON; "-": none.
 * Flows of one name are counted together. Ends after SECONDS, after REQUESTS answers in all (0: that is no
 * end), or at SIGTERM. Prints a line a flow:
 *
 *   NAME ANSWERS SECONDS P50 P99 MOST FAILED        waits in ms
 *
 * A wait counts from the moment when the request was due, also where an earlier one was still under way: a
 * server that halts is seen by all that should have come meanwhile. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"

#define FLOWS_MAX 64
#define CONNECTIONS_MAX 1024
#define WAITS_MAX ((size_t)8000000) /* of a flow; later ones are counted, not kept */
#define HEAD_MAX 8192
#define PLAN_MAX ((size_t)64 * 1024)

struct flow {
    struct flow *counts; /* the first of this name: where answers are noted */
    char name[64];
    size_t connections, status;
    double rate;
    struct mg_buf request;
    float *waits; /* seconds */
    size_t n_waits, room, answers, failed;
};

struct connection {
    struct flow *flow;
    int fd;
    bool waiting;
    double due;
    size_t got, left; /* of the head; of the body, once the head is whole */
    bool in_body;
    char head[HEAD_MAX + 1];
};

struct load {
    struct flow flows[FLOWS_MAX];
    size_t n_flows, n_connections, answers;
    struct connection *connections;
    struct sockaddr_in to;
    int epoll;
};

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
    (void)number;
    told_to_end = 1;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* ---- connections ---- */

static void open_connection(struct load *load, struct connection *c)
{
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&load->to, sizeof load->to))
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, c->fd, &event))
        die("epoll_ctl");
}

static void send_request(struct load *load, struct connection *c)
{
    const struct mg_buf *request = &c->flow->request;
    if (c->fd < 0)
        open_connection(load, c);
    c->got = c->left = 0;
    c->in_body = false;
    c->waiting = true;
    for (size_t sent = 0; sent < request->len;) {
        ssize_t n = write(c->fd, request->data + sent, request->len - sent);
        if (n <= 0)
            die("write");
        sent += (size_t)n;
    }
}

static void note(struct flow *flow, double wait)
{
    flow->answers++;
    if (flow->n_waits == flow->room && flow->room < WAITS_MAX) {
        flow->room = flow->room ? flow->room * 2 : 4096;
        flow->waits = realloc(flow->waits, flow->room * sizeof *flow->waits);
        if (!flow->waits)
            die("memory");
    }
    if (flow->n_waits < flow->room)
        flow->waits[flow->n_waits++] = (float)wait;
}

/* Takes the head apart once it is whole. */
static void read_head(struct connection *c)
{
    c->head[c->got] = '\0';
    const char *end = strstr(c->head, "\r\n\r\n"), *length = strcasestr(c->head, "\r\ncontent-length:");
    if (!end && c->got == HEAD_MAX)
        die("a head is too long");
    if (!end)
        return;
    if (!length || length > end)
        die("an answer doesn't say how long it is");
    size_t body = strtoul(length + 17, NULL, 10), come = c->got - (size_t)(end + 4 - c->head);
    c->in_body = true;
    c->left = body - come;
}

static void answered(struct load *load, struct connection *c)
{
    struct flow *flow = c->flow;
    double now = mg_clock_elapsed();
    size_t status = c->got > 12 ? strtoul(c->head + 9, NULL, 10) : 0;
    note(flow->counts, now - c->due);
    load->answers++;
    flow->counts->failed += status != flow->status;
    if (status != flow->status && flow->counts->failed == 1)
        fprintf(stderr, "%s: %.*s\n", flow->name, (int)strcspn(c->head, "\r"), c->head);
    c->waiting = false;
    c->due = flow->rate > 0 ? c->due + (double)flow->connections / flow->rate : now;
}

/* Reads what came. A server may close a connection that rests: the next request opens another. */
static void take(struct load *load, struct connection *c)
{
    static char body[65536];
    size_t most = c->left < sizeof body ? c->left : sizeof body;
    ssize_t n = c->in_body ? read(c->fd, body, most) : read(c->fd, c->head + c->got, HEAD_MAX - c->got);
    if (n <= 0 && c->waiting)
        die("the server closed a connection");
    if (n <= 0) {
        close(c->fd);
        c->fd = -1;
        return;
    }
    if (c->in_body) {
        c->left -= (size_t)n;
    } else {
        c->got += (size_t)n;
        read_head(c);
    }
    if (c->in_body && c->left == 0)
        answered(load, c);
}

/* ---- running ---- */

/* Sends what is due; the moment of the next. */
static double send_due(struct load *load, double now)
{
    double next = now + 0.1;
    for (size_t i = 0; i < load->n_connections; i++) {
        struct connection *c = &load->connections[i];
        if (c->waiting)
            continue;
        if (c->due <= now)
            send_request(load, c);
        else if (c->due < next)
            next = c->due;
    }
    return next;
}

static void run(struct load *load, double seconds, size_t requests)
{
    struct epoll_event events[64];
    double now = mg_clock_elapsed(), end = now + seconds;
    while (now < end && !told_to_end && (!requests || load->answers < requests)) {
        double rest = send_due(load, now) - now;
        struct timespec wait = {.tv_nsec = rest > 0 ? (long)(rest * 1e9) : 0};
        int n = epoll_pwait2(load->epoll, events, 64, &wait, NULL);
        for (int i = 0; i < n; i++)
            take(load, events[i].data.ptr);
        now = mg_clock_elapsed();
    }
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void report(struct flow *flow, double seconds)
{
    size_t n = flow->n_waits;
    if (n)
        qsort(flow->waits, n, sizeof *flow->waits, by_value);
    if (flow->counts == flow)
        printf("%s %zu %.3f %.3f %.3f %.3f %zu\n", flow->name, flow->answers, seconds,
               n ? 1e3 * flow->waits[n / 2] : 0, n ? 1e3 * flow->waits[n * 99 / 100] : 0,
               n ? 1e3 * flow->waits[n - 1] : 0, flow->failed);
    mg_buf_done(&flow->request);
    free(flow->waits);
}

/* ---- the plan ---- */

static void make_request(struct flow *flow, const char *method, const char *path, const char *key,
                         const char *file)
{
    struct mg_buf body;
    struct mg_error error = {0};
    mg_buf_init(&body, 1 << 20);
    mg_buf_init(&flow->request, 1 << 20);
    if (strcmp(file, "-") != 0 && mg_file_read(file, &body, &error))
        die(error.message);
    mg_buf_printf(&flow->request, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path);
    if (strcmp(key, "-") != 0)
        mg_buf_printf(&flow->request, "Authorization: Bearer %s\r\n", key);
    if (body.len)
        mg_buf_printf(&flow->request, "Content-Type: application/json\r\nContent-Length: %zu\r\n", body.len);
    mg_buf_puts(&flow->request, "\r\n");
    if (body.len)
        mg_buf_add(&flow->request, body.data, body.len);
    mg_buf_done(&body);
}

static void add_flow(struct load *load, const char *line)
{
    char method[16], path[1024], key[256], file[1024];
    struct flow *flow = &load->flows[load->n_flows++];
    if (load->n_flows > FLOWS_MAX ||
        sscanf(line, "%63s %zu %lf %zu %15s %1023s %255s %1023s", flow->name, &flow->connections, &flow->rate,
               &flow->status, method, path, key, file) != 8)
        die("the plan");
    flow->counts = load->flows;
    while (strcmp(flow->counts->name, flow->name) != 0)
        flow->counts++;
    make_request(flow, method, path, key, file);
}

static void read_plan(struct load *load, const char *path)
{
    struct mg_buf plan;
    struct mg_error error = {0};
    char *rest = NULL;
    mg_buf_init(&plan, PLAN_MAX);
    if (mg_file_read(path, &plan, &error))
        die(error.message);
    mg_buf_add(&plan, "", 1);
    for (char *line = strtok_r(plan.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        add_flow(load, line);
    mg_buf_done(&plan);
}

/* A flow's first requests are spread over its first interval. Connections are opened with their first
 * request, since a server may limit those that haven't sent one. */
static void place_connections(struct load *load)
{
    double now = mg_clock_elapsed();
    for (size_t f = 0; f < load->n_flows; f++) {
        struct flow *flow = &load->flows[f];
        if (flow->connections < 1 || load->n_connections + flow->connections > CONNECTIONS_MAX)
            die("connections");
        for (size_t i = 0; i < flow->connections; i++) {
            struct connection *c = &load->connections[load->n_connections++];
            c->flow = flow;
            c->due = flow->rate > 0 ? now + (double)(i + 1) / flow->rate : now;
            c->fd = -1;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: load PORT PLAN SECONDS REQUESTS\n");
        return 2;
    }
    struct load *load = calloc(1, sizeof *load);
    if (load)
        load->connections = calloc(CONNECTIONS_MAX, sizeof *load->connections);
    if (!load || !load->connections)
        die("memory");
    load->epoll = epoll_create1(0);
    load->to =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10))};
    load->to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    signal(SIGTERM, on_signal);
    read_plan(load, argv[2]);
    place_connections(load);
    double start = mg_clock_elapsed();
    run(load, strtod(argv[3], NULL), strtoul(argv[4], NULL, 10));
    double seconds = mg_clock_elapsed() - start;
    for (size_t f = 0; f < load->n_flows; f++)
        report(&load->flows[f], seconds);
    free(load->connections);
    free(load);
    return 0;
}
