package penstock.server;

import io.undertow.util.AttachmentKey;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import penstock.audit.AuditLog;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.fanout.Shard;
import penstock.fanout.ShardThread;
import penstock.fanout.SlicedWork;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.memory.MemoryShare;
import penstock.quota.Excess;
import penstock.server.auth.ClientAccess;
import penstock.server.auth.WaitingRoom;
import penstock.server.edge.ClientQuotas;
import penstock.server.edge.ConnectionGate;
import penstock.server.limit.AddressBudgets;
import penstock.server.limit.PartialMessages;
import penstock.server.limit.ReadTimeouts;
import penstock.server.limit.SessionAdmission;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.thread.ThreadOwner;
import penstock.websocket.FrameLimits;
import penstock.wire.RequestException;
import penstock.wire.request.RequestDecoder;

/**
 * What the connections of one io thread share: the shard, the request decoder, limits, and the buffers for reading.
 *
 * <p>Owned by the io thread.
 */
public final class IoThreadContext {
    private static final int READ_BYTES = 64 * 1024;
    /** Stops a client that sends a message in thousands of fragments; real clients send whole messages. */
    private static final int MAX_FRAGMENTS = 1024;
    /** An edge stands for many clients. */
    private static final double LINK_WORK = 10;
    private static final long SWEEP_EVERY_MS = 1_000;
    /** A sixth of what the thread may be held: the steps behind it may take longer. */
    private static final long LONG_HOLD_NS = 500_000;

    /** Set by the router on each exchange. */
    static final AttachmentKey<IoThreadContext> OF_EXCHANGE = AttachmentKey.create(IoThreadContext.class);

    private final ThreadOwner owner = new ThreadOwner();
    private final SessionAdmission admission;
    private final Shard shard;
    private final ShardThread thread;
    private final Counters counters;
    private final ErrorLog errors;
    private final RequestDecoder decoder;
    private final FrameLimits frameLimits;
    private final ReadTimeouts readTimeouts;
    private final ServerLimits limits;
    private final PartialMessages partialMessages;
    private final ConnectionGate gate;
    private final AddressBudgets budgets;
    private final AddressBudgets linkBudgets;
    private final Runnable sweep = this::sweep;
    private boolean isSweeping;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] scratch = new byte[READ_BYTES];
    private final WaitingRoom newcomers = new WaitingRoom();
    private ClientAccess access = new ClientAccess(AccessControl.OFF, OnExcess.DENY_NEW);
    private WebSocketExtension extension = offers -> WebSocketExtension.Terms.NONE;

    /** {@code counters} are those of {@code shard}: the same thread writes them. */
    IoThreadContext(final SessionAdmission admission, final Shard shard, final ShardThread thread,
            final Counters counters, final ErrorLog errors, final RequestDecoder decoder, final ServerLimits limits) {
        this.admission = admission;
        this.shard = shard;
        this.thread = thread;
        this.counters = counters;
        this.errors = errors;
        this.decoder = decoder;
        this.limits = limits;
        frameLimits = new FrameLimits(limits.frameBytes(), limits.frameBytes(), MAX_FRAGMENTS);
        readTimeouts = new ReadTimeouts(thread, limits.messageWithinMs());
        partialMessages = new PartialMessages(shard.memory(), readTimeouts, thread);
        gate = new ConnectionGate(admission, partialMessages, shard.memory(), counters, shard.audit());
        budgets = new AddressBudgets(thread, limits.workPerSecond());
        linkBudgets = new AddressBudgets(thread, LINK_WORK * limits.workPerSecond());
    }

    /** What the clients of the thread may make it hold. */
    public MemoryShare memory() {
        return shard.memory();
    }

    /** Runs {@code task} on the io thread, unless the relay ends. Any thread. */
    public void execute(final Runnable task) {
        thread.execute(task);
    }

    /** The same at once if the caller is on the io thread. */
    void executeHere(final Runnable task) {
        if (thread.isCurrent()) {
            task.run();
        } else {
            thread.execute(task);
        }
    }

    /** The same after {@code ms}. */
    void executeAfter(final Runnable task, final long ms) {
        thread.executeAfter(task, ms);
    }

    /** A task of the thread begins that is neither a turn nor long work; {@link #onTaskEnd} follows. */
    void onTask() {
        shard.work().holds().begin(thread.nowNs());
    }

    void onTaskEnd() {
        shard.work().holds().end(thread.nowNs());
    }

    /**
     * Goes on with what the thread does, now or, if the present task has held the thread for long, in a task of its own
     * behind what waits for the thread. The steps of a request take microseconds; in a process that is new they take a
     * millisecond each, because their code is interpreted.
     */
    void goOn(final Runnable step) {
        if (hasHeldLong()) {
            later(step);
        } else {
            step.run();
        }
    }

    /** Whether the present task has held the thread for so long that its next step belongs in another one. */
    boolean hasHeldLong() {
        return shard.work().holds().heldNs(thread.nowNs()) >= LONG_HOLD_NS;
    }

    /** Runs {@code step} in a task of its own, after the thread has looked after its sockets and timers. */
    void later(final Runnable step) {
        thread.executeAfter(() -> {
            onTask();
            try {
                step.run();
            } finally {
                onTaskEnd();
            }
        }, 1);
    }

    /** Work that takes longer than a moment. */
    public SlicedWork work() {
        return shard.work();
    }

    /**
     * Takes work from the budget of the client's address.
     *
     * @throws RequestException if the budget is spent, with the time to wait
     */
    public void checkWork(final SocketAddress peer, final double units, final String requestId)
            throws RequestException {
        final long waitMs = units == 0 ? 0 : budgets.waitMs(peer, units);
        if (waitMs > 0) {
            counters.increment(Counter.WORK_REFUSED);
            throw RequestException.rateLimited("your address asks for more work than limits.work-per-second",
                requestId, waitMs);
        }
    }

    /**
     * Takes work from the budget of the client's address, and from what the client may ask for by its name.
     *
     * @param client null if the relay does not know it
     * @throws RequestException if either is spent, with the time to wait
     */
    public void checkWork(final SocketAddress peer, final Identity client, final double units, final String requestId)
            throws RequestException {
        if (client != null && client.isEdge()) {
            final long waitMs = units == 0 ? 0 : linkBudgets.waitMs(peer, units);
            if (waitMs > 0) {
                throw RequestException.rateLimited("the edge asks for more work than " + LINK_WORK
                    + " times limits.work-per-second", requestId, waitMs);
            }
            return;
        }
        checkWork(peer, units, requestId);
        final Excess excess = access.onWork(client, units);
        if (excess != null) {
            giveBackWork(peer, units);
            throw RequestException.rateLimited(excess.message(), requestId, excess.retryAfterMs());
        }
    }

    /** The work that the clients of one address may ask of this thread per second; 0 = no limit. Any thread. */
    void workPerSecond(final double units) {
        budgets.perSecond(units);
        linkBudgets.perSecond(LINK_WORK * units);
    }

    /** Takes more work than {@link #checkWork} took. */
    void takeWork(final SocketAddress client, final double units) {
        budgets.take(client, units);
    }

    /** Gives back what {@link #checkWork} took and was not needed. */
    void giveBackWork(final SocketAddress client, final double units) {
        budgets.giveBack(client, units);
    }

    /** The shard of the thread. */
    public Shard shard() {
        assert owner.check();
        return shard;
    }

    /** Decodes requests within the limits of a session. */
    public RequestDecoder decoder() {
        return decoder;
    }

    /** Where refusals and the ends of sessions are reported. */
    public AuditLog audit() {
        return shard.audit();
    }

    SessionAdmission admission() {
        return admission;
    }

    ErrorLog errors() {
        return errors;
    }

    ClientQuotas quotas() {
        return limits.quotas();
    }

    FrameLimits frameLimits() {
        return frameLimits;
    }

    /** Bytes that the kernel may buffer for a session, unless it is slow. */
    int sendBufferBytes() {
        return limits.sendBufferBytes();
    }

    /** The longest time for a message. */
    long messageWithinMs() {
        return limits.messageWithinMs();
    }

    /** The largest message of a client. */
    public int maxMessageBytes() {
        return limits.frameBytes();
    }

    /** Clients have to show who they are, if {@code required} says so. Before the listeners start. */
    void authenticate(final ClientAccess required) {
        access = required;
    }

    /** Who the clients are. */
    ClientAccess access() {
        return access;
    }

    /** Clients that have not shown yet who they are. */
    WaitingRoom newcomers() {
        return newcomers;
    }

    /** Clients may negotiate {@code offered} from now on. */
    void extend(final WebSocketExtension offered) {
        extension = offered;
    }

    WebSocketExtension extension() {
        return extension;
    }

    PartialMessages partialMessages() {
        return partialMessages;
    }

    ConnectionGate gate() {
        return gate;
    }

    /** Lets a new connection in; false if there is no room. One that ends without a request is reported in a second. */
    boolean admit(final StreamConnection connection) {
        final boolean isAdmitted = gate.admit(connection);
        if (isAdmitted && !isSweeping) {
            isSweeping = true;
            thread.executeAfter(sweep, SWEEP_EVERY_MS);
        }
        return isAdmitted;
    }

    private void sweep() {
        isSweeping = gate.sweep();
        if (isSweeping) {
            thread.executeAfter(sweep, SWEEP_EVERY_MS);
        }
    }

    ReadTimeouts readTimeouts() {
        return readTimeouts;
    }

    /** Shared by all connections of the thread; each read clears it first. */
    ByteBuffer readBuffer() {
        assert owner.check();
        return readBuffer;
    }

    byte[] scratch() {
        return scratch;
    }

    /** Those of the shard, which only its io thread writes. */
    public Counters counters() {
        return counters;
    }

    void count(final Counter counter) {
        assert owner.check();
        counters.increment(counter);
    }
}
