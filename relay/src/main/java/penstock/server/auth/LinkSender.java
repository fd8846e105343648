package penstock.server.auth;

import penstock.wire.MessageBuffer;

/** The way to an edge: its session at this relay. Any thread. */
public interface LinkSender {
    /** Sends a message, which nothing changes any more. At once on the thread of the session, else later. */
    void send(MessageBuffer message);

    /** Runs {@code task} on the thread of the session, after some time; not at all if the relay ends. */
    void later(Runnable task, long ms);

    /** Ends the session, because a newer one of the same edge has taken its place. */
    void replace();
}
