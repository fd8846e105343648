package penstock.fanout;

import penstock.wire.MessageBuffer;

/** Sends replies to the client that sent a request. */
interface Replies {
    /** Queues a message; the caller may reuse the buffer. */
    void send(MessageBuffer message);
}
