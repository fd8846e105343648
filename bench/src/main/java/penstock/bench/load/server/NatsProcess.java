package penstock.bench.load.server;

import java.io.IOException;
import penstock.bench.load.client.ClientSecurity;
import penstock.bench.load.rig.LoadPlan;

/** A NATS server, from the PATH or from where Debian puts it. Owned by the scenario's thread. */
public final class NatsProcess extends ServerProcess {
    /** Starts it on a free port of loopback. */
    public NatsProcess(final LoadPlan plan) throws IOException {
        this(plan, CandidateServers.freePort());
    }

    private NatsProcess(final LoadPlan plan, final int port) throws IOException {
        super("nats", plan, new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin; exec nats-server -a 127.0.0.1 -p "
            + port), port, ClientSecurity.NONE);
    }

    /** Its URL. */
    public String url() {
        return "nats://127.0.0.1:" + port();
    }
}
