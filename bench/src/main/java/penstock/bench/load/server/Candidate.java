package penstock.bench.load.server;

import java.io.IOException;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadPlan;

/** A server that can be compared with others, by name. */
public interface Candidate {
    String name();

    /** Starts it on this feed, in a process of its own; its caller closes it. */
    ServerProcess start(PacedFeed feed, LoadPlan plan) throws IOException;
}
