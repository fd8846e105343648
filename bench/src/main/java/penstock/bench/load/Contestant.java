package penstock.bench.load;

import java.io.IOException;

/** A server that can be compared with others, by name. */
interface Contestant {
    String name();

    /** Starts it on this feed, in a process of its own; its caller closes it. */
    ServerProcess start(PacedFeed feed, Plan plan) throws IOException;
}
