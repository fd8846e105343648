package penstock.link.bus;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import penstock.nats.NatsConnection;
import penstock.nats.NatsHealth;
import penstock.nats.NatsSettings;

/** The connection of an edge to NATS. Any thread. */
final class NatsLine implements BusLine {
    /** What may wait for the inbox, which takes it at once. */
    private static final NatsConnection.Waiting WAITING = new NatsConnection.Waiting(16_384, 16 << 20);
    private static final NatsHealth.Words WORDS = new NatsHealth.Words("link",
        "the bus is not connected: nothing comes from the relay in front",
        "look at feed.bus.credentials-file, user, password-file or token-file, and at the users in the configuration "
        + "of the server", "look at feed.tls, and whether feed.url begins with tls:// and has the name in the "
        + "certificate of the server",
        "look at the servers in feed.url, and at the network between; it connects again by itself",
        "give the user of the edge the permissions of readers on the page \"the feeds on a NATS bus\"");

    private final NatsSettings settings;
    private final NatsHealth health =
        new NatsHealth(WORDS, () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
    private final NatsConnection connection;

    /** What comes goes to {@code inbox}. */
    NatsLine(final NatsSettings settings, final BusInbox inbox) {
        this.settings = settings;
        connection = new NatsConnection(settings, health, inbox, WAITING);
    }

    @Override
    public void start() {
        connection.start();
    }

    @Override
    public boolean isConnected() {
        return connection.isConnected();
    }

    @Override
    public void listen(final Set<String> subjects) {
        connection.serve(subjects);
    }

    @Override
    public void ask(final String subject, final String answers) {
        connection.ask(subject, answers);
    }

    @Override
    public String url() {
        return String.join(" ", settings.servers());
    }

    @Override
    public String problem() {
        return health.problem();
    }

    @Override
    public void close() {
        connection.close();
    }
}
