package penstock.system;

import java.io.IOException;
import java.nio.file.Path;
import penstock.replay.FeedServer;

/**
 * A relay in a process of its own, with one symbol and one client: how late its updates come is what the machine does
 * to any relay. Started and stopped by one thread.
 */
final class IdleRelay implements AutoCloseable {
    final PulseClient pulse;
    private final FeedServer venue = FeedServer.start(0, new ManyQuotes(1));
    private final RelayProcess process;

    IdleRelay(final Path folder) throws IOException {
        process = OverloadedRelay.process(folder, venue);
        pulse = new PulseClient(process);
    }

    @Override
    public void close() throws IOException {
        pulse.close();
        process.close();
        venue.close();
    }
}
