package penstock.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import penstock.fanout.Shard;
import penstock.fanout.ShardThread;
import penstock.fanout.format.BinaryFormat;
import penstock.nats.NatsConnection;
import penstock.telemetry.ErrorLog;
import penstock.thread.ThreadOwner;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.TopicPartition;

/**
 * The partitions that one io thread publishes, and what readers ask it. Owned by the shard's io thread, except for the
 * methods that say so.
 */
final class BusShard {
    private static final long TICK_MS = 10;
    private static final long LOOK_EVERY_NS = 100_000_000;
    /** Of one partition: readers that lose their connection together ask together. */
    private static final long SNAPSHOT_EVERY_NS = 100_000_000;
    private static final int MAX_SNAPSHOTS = 2;
    private static final int MAX_READERS = 8;
    private static final int MAX_ASKED = 256;
    private static final int RETRY_MS = 1_000;

    /** Who asked for a snapshot. */
    private record Asked(BusStream stream, String reader) {
    }

    /** Which of the partitions of each feed are its own. */
    record Part(int number, int of) {
    }

    private final ThreadOwner owner = new ThreadOwner();
    private final Shard shard;
    private final ShardThread thread;
    private final NatsConnection connection;
    private final BusShared shared;
    private final BusAnswers answers;
    private final ErrorLog errors;
    private final Part part;
    private final BooleanSupplier isActive;
    private final Function<Feed, String> subjects;
    private final BinaryFormat format = new BinaryFormat(new BusFormat(), "bus");
    /** By subject. */
    private final Map<String, BusStream> streams = new HashMap<>();
    private final Map<BusStream, Long> snapshotNs = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<BusSnapshot> snapshots = new ArrayList<>();
    private long lookedNs;
    private boolean hasLooked;
    private boolean isClosed;

    /** Of a shard and its thread. */
    BusShard(final Shard shard, final ShardThread thread, final BusShared shared, final Part part) {
        this.shard = shard;
        this.thread = thread;
        this.part = part;
        this.shared = shared;
        connection = shared.connection();
        answers = new BusAnswers(connection, shared.counts());
        errors = shared.errors();
        subjects = shared.subjects();
        isActive = shared.isActive();
    }

    /** Any thread; once. */
    void start() {
        thread.execute(this::tick);
    }

    /** Any thread: publishes nothing any more. */
    void close() {
        thread.execute(this::onClose);
    }

    /** Any thread: somebody asks for a snapshot of the partition with that subject. */
    void snapshot(final String subject, final String reader) {
        thread.execute(() -> onSnapshot(subject, reader));
    }

    /** Any thread: somebody asks for the newest value of a topic of the feed with that subject. */
    void last(final String subject, final String channel, final String symbol, final String reader) {
        thread.execute(() -> onLast(subject, channel, symbol, reader));
    }

    private void onClose() {
        assert owner.check();
        isClosed = true;
        snapshots.forEach(BusSnapshot::end);
        streams.values().forEach(BusStream::end);
    }

    private void tick() {
        assert owner.check();
        if (isClosed) {
            return;
        }
        try {
            final long nowNs = thread.nowNs();
            if (!hasLooked || nowNs - lookedNs >= LOOK_EVERY_NS) {
                hasLooked = true;
                lookedNs = nowNs;
                look();
            }
            streams.values().forEach(stream -> stream.tick(nowNs));
            snapshots.removeIf(snapshot -> snapshot.tick(nowNs));
            beginSnapshots(nowNs);
        } catch (final RuntimeException | Error e) {
            errors.record("the bus failed for a moment", e);
        }
        thread.executeAfter(this::tick, TICK_MS);
    }

    /** Feeds may have come or begun again, and another relay may have taken over. */
    private void look() {
        final boolean isOn = isActive.getAsBoolean() && !shard.isDraining();
        final Set<String> requests = new HashSet<>();
        for (final Feed feed : shard.topics().feeds()) {
            final List<Channel> channels = shard.topics().channels(feed);
            if (!channels.isEmpty() && isOn) {
                final String subject = subjects.apply(feed);
                requests.add(subject + BusRequests.SNAPSHOT + '*');
                requests.add(subject + BusRequests.LAST);
                for (int i = part.number; i < TopicPartition.COUNT; i += part.of) {
                    stream(feed, subject, i).follow(channels);
                }
            }
        }
        if (!isOn) {
            streams.values().forEach(BusStream::end);
        }
        if (part.number == 0) {
            connection.serve(requests);
        }
    }

    private BusStream stream(final Feed feed, final String subject, final int partition) {
        return streams.computeIfAbsent(subject + '.' + partition,
            key -> new BusStream(shard, shared, format, feed.name(), subject, partition));
    }

    private void onSnapshot(final String subject, final String reader) {
        assert owner.check();
        final BusStream stream = streams.get(subject);
        if (stream == null || isClosed) {
            answers.refuse(reader, new RequestException(ErrorCode.BAD_FIELD, null, "there is no partition " + subject
                + ": they are 0 to " + (TopicPartition.COUNT - 1), null));
        } else if (asked.size() >= MAX_ASKED) {
            answers.refuse(reader,
                RequestException.rateLimited(MAX_ASKED + " snapshots are waited for", null, RETRY_MS));
        } else {
            asked.add(new Asked(stream, reader));
        }
    }

    private void beginSnapshots(final long nowNs) {
        for (int i = 0; i < asked.size() && snapshots.size() < MAX_SNAPSHOTS; i++) {
            final BusStream stream = asked.get(i).stream;
            final boolean isEarly = snapshotNs.containsKey(stream)
                && nowNs - snapshotNs.get(stream) < SNAPSHOT_EVERY_NS
                || snapshots.stream().anyMatch(running -> running.stream() == stream);
            if (!isEarly && connection.hasRoom(true)) {
                final List<Asked> served =
                    asked.stream().filter(each -> each.stream == stream).limit(MAX_READERS).toList();
                asked.removeAll(served);
                i = -1;
                snapshotNs.put(stream, nowNs);
                snapshots.add(new BusSnapshot(shard, stream, connection, format, channels(stream),
                    served.stream().map(Asked::reader).toList()));
            }
        }
    }

    private List<Channel> channels(final BusStream stream) {
        final TopicTable topics = shard.newestTopics();
        return topics.feeds().stream().filter(feed -> subjects.apply(feed).equals(stream.base()))
            .flatMap(feed -> topics.channels(feed).stream()).toList();
    }

    private void onLast(final String subject, final String channelName, final String symbol, final String reader) {
        assert owner.check();
        final TopicTable topics = shard.newestTopics();
        try {
            final Feed of = topics.feeds().stream().filter(feed -> subjects.apply(feed).equals(subject)).findFirst()
                .orElseThrow(() -> new RequestException(ErrorCode.UNKNOWN_CHANNEL, null, "no feed has the subject "
                + subject, null));
            final Channel channel = topics.channel(of, channelName);
            if (channel == null) {
                throw new RequestException(ErrorCode.UNKNOWN_CHANNEL, "/channel", "no channel '" + channelName
                    + "', there is " + String.join(", ", topics.channels(of).stream().map(Channel::name).toList()),
                    null);
            }
            final Topic topic = channel.topic(symbol);
            if (topic == null || !topic.hasValue()) {
                throw new RequestException(ErrorCode.BAD_FIELD, "/symbol", "channel " + channel.name()
                    + " has no value of '" + symbol + "'", null);
            }
            final MessageBuffer answer = new MessageBuffer(512).put("{\"epoch\":").put(topics.epoch()).put(",\"p\":")
                .put(topics.position()).put(",\"data\":[");
            topic.appendEntry(answer, topics.state(topic), View.FULL);
            answers.send(reader, answer.put("]}"));
        } catch (final RequestException e) {
            answers.refuse(reader, e);
        }
    }
}
