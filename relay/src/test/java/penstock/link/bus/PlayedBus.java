package penstock.link.bus;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import penstock.link.Envelopes;
import penstock.link.LinkReplica;
import penstock.link.MirrorTarget;
import penstock.nats.BusHeaders;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;
import penstock.wire.TopicPartition;

/** A bus as a test plays it, with a feed of one channel {@code quote}, and the link over it. */
final class PlayedBus implements BusLine {
    static final String SUBJECT = "penstock.demo";
    static final String OWN = "edge~1";
    private static final String CHANNEL = "quote";

    final ManualClock clock = new ManualClock();
    final Counters counters = new Counters("feed");
    final MirrorTarget target = new MirrorTarget();
    final BusInbox inbox;
    final BusLink link;
    /** The numbers of the partitions whose snapshots were asked for. */
    final List<Integer> asked = new ArrayList<>();
    final int partitions;
    boolean isConnected = true;
    boolean isClosed;
    String problem;
    /** The relays in a row, the one that publishes the last, as JSON has them. */
    String hops = "\"ingest~1\"";
    private final BusSubjects subjects;
    private final long[] attempts;

    PlayedBus(final long maxHeldBytes, final String... feeds) {
        final List<String> names = feeds.length == 0 ? List.of(SUBJECT) : List.of(feeds);
        final BusPlan plan = BusPlan.of(names, "_INBOX.own", OWN, new LinkReplica.Limits(100, maxHeldBytes));
        subjects = plan.subjects();
        partitions = subjects.count();
        attempts = new long[partitions];
        inbox = new BusInbox(subjects, clock);
        link = new BusLink(plan, this, inbox, clock, new Random(1), target, counters);
        link.onStart();
        clock.advance(0);
    }

    /** The numbers of the partitions whose snapshots were asked for since the last call. */
    List<Integer> takeAsked() {
        final List<Integer> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    /** Advances the clock until all snapshots are asked for again. */
    void awaitAsked() {
        asked.clear();
        for (int i = 0; i < 100 && asked.size() < partitions; i++) {
            clock.advance(50);
        }
        if (asked.size() < partitions) {
            throw new AssertionError("asked for " + asked);
        }
        asked.clear();
    }

    /** Which attempt the last request for the snapshot of a partition was. */
    long attempt(final int partition) {
        return attempts[partition];
    }

    /** A text of a message. */
    static byte[] text(final String text) {
        return framed(1, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An envelope of a message. */
    static byte[] binary(final byte[] envelope) {
        return framed(2, envelope);
    }

    private static byte[] framed(final int kind, final byte[] body) {
        return ByteBuffer.allocate(5 + body.length).order(ByteOrder.LITTLE_ENDIAN).put((byte) kind).putInt(body.length)
            .put(body).array();
    }

    static byte[] position(final long p) {
        return text("{\"type\":\"position\",\"p\":" + p + "}");
    }

    static byte[] topic(final int number, final String symbol) {
        return text("{\"type\":\"topics\",\"sub\":\"quote\",\"topics\":[[" + number + ",\"" + symbol + "\",0]]}");
    }

    static byte[] update(final long epoch, final int topic, final long q, final long p) {
        return binary(Envelopes.update(epoch, CHANNEL, topic, q, p));
    }

    static byte[] image(final long epoch, final int topic, final long q, final long p) {
        return binary(Envelopes.image(epoch, CHANNEL, topic, q, p));
    }

    private byte[] head(final int partition, final long epoch) {
        final String feed = subjects.partition(partition).replaceAll("penstock\\.|\\.\\d+$", "");
        return together(text("{\"type\":\"welcome\",\"protocol\":\"penstock.v1\",\"epoch\":" + epoch
            + ",\"feed\":{\"name\":\"" + feed + "\",\"state\":\"live\",\"channels\":[{\"name\":\"quote\",\"class\":"
            + "\"last-value\",\"default\":true}]},\"limits\":{\"symbols\":50,\"frameBytes\":65536,\"minInterval\":0},"
            + "\"heartbeat\":250,\"hops\":[" + hops + "]}"), text("{\"type\":\"ack\",\"op\":\"subscribe\",\"sub\":"
            + "\"quote\",\"effective\":{\"feed\":\"" + feed + "\"}}"));
    }

    private String relays() {
        return hops.replace("\"", "");
    }

    private static byte[] together(final byte[]... parts) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (final byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A message of a partition. */
    void stream(final int partition, final long epoch, final long seq, final byte[]... parts) {
        add(BusMessage.Kind.STREAM, partition, 0, new BusHeaders.Numbers(relays(), epoch, seq, -1, false, false),
            together(parts));
    }

    /** A message of a partition that the next one continues. */
    void unfinished(final int partition, final long epoch, final long seq, final byte[] part) {
        add(BusMessage.Kind.STREAM, partition, 0, new BusHeaders.Numbers(relays(), epoch, seq, -1, false, true), part);
    }

    /** A sign of life of all partitions, with the number of the last message of each. */
    void alive(final long epoch, final long seq) {
        for (int i = 0; i < partitions; i++) {
            stream(i, epoch, seq);
        }
    }

    /** The answer to the last request for the snapshot of a partition, up to number {@code seq}, as of {@code p}. */
    void snapshot(final int partition, final long epoch, final long seq, final long p, final byte[]... images) {
        piece(partition, epoch, seq, 0, images);
        end(partition, epoch, seq, 1, p);
    }

    /** A piece of the answer; the first one says of which relay it is. */
    void piece(final int partition, final long epoch, final long seq, final int number, final byte[]... parts) {
        final byte[] payload = together(parts);
        add(BusMessage.Kind.PIECE, partition, attempt(partition), new BusHeaders.Numbers(relays(), epoch, seq, number,
            false, false), number == 0 ? together(head(partition, epoch), payload) : payload);
    }

    /** The last piece of the answer. */
    void end(final int partition, final long epoch, final long seq, final int number, final long p) {
        add(BusMessage.Kind.PIECE, partition, attempt(partition), new BusHeaders.Numbers(relays(), epoch, seq, number,
            true, false), position(p));
    }

    /** Snapshots of all partitions without any topic. */
    void snapshots(final long epoch, final long seq, final long p) {
        for (int i = 0; i < partitions; i++) {
            snapshot(i, epoch, seq, p);
        }
    }

    /** Answers to all requests that are no snapshots. */
    void answer(final BusMessage.Kind kind, final String said) {
        for (int i = 0; i < partitions; i++) {
            add(kind, i, attempt(i), new BusHeaders.Numbers("", 0, 0, -1, false, false),
                said.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void add(final BusMessage.Kind kind, final int partition, final long attempt,
            final BusHeaders.Numbers numbers, final byte[] payload) {
        inbox.add(new BusMessage(kind, partition, attempt, numbers, payload, clock.nowNs()));
    }

    @Override
    public void start() {
        clock.executeAfter(inbox::onConnected, 0);
    }

    @Override
    public boolean isConnected() {
        return isConnected;
    }

    @Override
    public void listen(final Set<String> wanted) {
        if (!wanted.equals(subjects.all()) || wanted.size() != partitions + 1) {
            throw new AssertionError(wanted.toString());
        }
    }

    @Override
    public void ask(final String subject, final String answers) {
        final int partition = subjects.find(answers);
        if (!subject.endsWith(".snapshot." + partition % TopicPartition.COUNT)) {
            throw new AssertionError(subject);
        }
        attempts[partition] = BusSubjects.attempt(answers);
        asked.add(partition);
    }

    @Override
    public String url() {
        return "nats://bus:4222";
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
