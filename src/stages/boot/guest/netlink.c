/* See netlink.h. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/socket.h>
#include "netlink.h"

#define MOST_SENT 16384
#define MSG_DONTWAIT 0x40

/* One datagram of the kernel's; it puts several messages into one. */
static char received[32768];

static long send_message(int socket, unsigned short type, unsigned short flags, const void *payload, size length)
{
	static char message[NLMSG_HDRLEN + MOST_SENT];
	struct nlmsghdr head = { .nlmsg_len = NLMSG_HDRLEN + length, .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = 1 };
	struct {
		unsigned short family, pad;
		unsigned int pid, groups;
	} kernel = { .family = 16 /* AF_NETLINK */ };

	if (length > MOST_SENT)
		return -90; /* EMSGSIZE */
	memcpy(message, &head, sizeof(head));
	memcpy(message + NLMSG_HDRLEN, payload, length);
	return CALL(sendto, socket, message, head.nlmsg_len, 0, &kernel, sizeof(kernel));
}

static int fits(const struct nlmsghdr *message, long left)
{
	return left >= (long)sizeof(*message) && message->nlmsg_len >= sizeof(*message) && message->nlmsg_len <= (unsigned long)left;
}

/* Whether there is an end to the answers in a datagram, and what it says. */
static int read_answers(char *from, long length, long *result)
{
	while (length > 0) {
		struct nlmsghdr *message = (struct nlmsghdr *)from;

		if (!fits(message, length))
			return 0;
		message->nlmsg_pid = 0;
		if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
			*result = 0;
			if (message->nlmsg_len >= NLMSG_HDRLEN + sizeof(int))
				*result = *(int *)NLMSG_DATA(message);
			/* What was asked stands in it, with the number of the socket. */
			if (message->nlmsg_type == NLMSG_ERROR && message->nlmsg_len >= NLMSG_HDRLEN + sizeof(struct nlmsgerr))
				((struct nlmsgerr *)NLMSG_DATA(message))->msg.nlmsg_pid = 0;
			return 1;
		}
		from += NLMSG_ALIGN(message->nlmsg_len);
		length -= NLMSG_ALIGN(message->nlmsg_len);
	}
	return 0;
}

long netlink_ask(int socket, unsigned short type, unsigned short flags, const void *payload, size length, char *room, size room_length)
{
	long got = send_message(socket, type, flags, payload, length), result;
	size used = 0;
	int ended = 0;

	if (got < 0)
		return got;
	while (!ended && (got = CALL(recvfrom, socket, received, sizeof(received), MSG_DONTWAIT, 0, 0)) > 0) {
		size taken = (size)got < room_length - used ? (size)got : room_length - used;

		ended = read_answers(received, got, &result);
		memcpy(room + used, received, taken);
		used += taken;
	}
	return ended ? result : (long)used;
}

long netlink_family(int socket, const char *name)
{
	struct {
		struct genlmsghdr head;
		struct nlattr attribute;
		char name[GENL_NAMSIZ];
	} question = { .head = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 }, .attribute = { .nla_type = CTRL_ATTR_FAMILY_NAME } };
	static char answer[4096];
	size length = length_of(name) + 1;
	struct nlmsghdr *message = (struct nlmsghdr *)answer;
	long got;

	if (length > GENL_NAMSIZ)
		return -22; /* EINVAL */
	memcpy(question.name, name, length);
	question.attribute.nla_len = NLA_HDRLEN + length;
	memset(answer, 0, sizeof(answer));
	got = netlink_ask(socket, GENL_ID_CTRL, NLM_F_REQUEST, &question, sizeof(question) - GENL_NAMSIZ + NLA_ALIGN(length), answer, sizeof(answer));
	if (got <= 0 || !fits(message, got))
		return got < 0 ? got : -2; /* ENOENT */
	for (char *at = answer + NLMSG_HDRLEN + GENL_HDRLEN, *end = answer + message->nlmsg_len; at + NLA_HDRLEN + 2 <= end;) {
		struct nlattr *attribute = (struct nlattr *)at;

		if (attribute->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(unsigned short *)(at + NLA_HDRLEN);
		if (attribute->nla_len < NLA_HDRLEN)
			break;
		at += NLA_ALIGN(attribute->nla_len);
	}
	return -2;
}
