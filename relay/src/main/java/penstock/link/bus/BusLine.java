package penstock.link.bus;

import java.util.Set;

/** The connection to a bus. What comes goes into a {@link BusInbox}. Any thread. */
public interface BusLine {
    /** Connects, and comes back by itself. */
    void start();

    /** Whether there is a connection. */
    boolean isConnected();

    /** Listens to these subjects from now on. */
    void listen(Set<String> subjects);

    /** Sends a request whose answers come to another subject. It may be lost. */
    void ask(String subject, String answers);

    /** Where the servers are, for people; without secrets. */
    String url();

    /** What is wrong with it, and what to do; null if nothing is known to be. */
    String problem();

    /** Ends it. */
    void close();
}
