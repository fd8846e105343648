package penstock.upstream;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.testkit.Patience;
import penstock.time.FeedClock;
import penstock.time.IoThreadClock;

/** A feed thread as the relay makes it: one worker, one io thread, two task threads. */
public final class FeedThread {
    final XnioWorker worker;
    public final XnioIoThread thread;
    final FeedClock clock;

    /** What tasks of the thread threw. */
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    public FeedThread() throws IOException {
        worker = Xnio.getInstance().createWorker(OptionMap.builder()
            .set(Options.WORKER_NAME, "feed-under-test")
            .set(Options.WORKER_IO_THREADS, 1)
            .set(Options.WORKER_TASK_CORE_THREADS, 2)
            .set(Options.WORKER_TASK_MAX_THREADS, 2)
            .set(Options.THREAD_DAEMON, true)
            .getMap());
        thread = worker.getIoThread();
        clock = new IoThreadClock(thread, failures::add);
    }

    <T> T call(final Callable<T> task) throws Exception {
        final CompletableFuture<T> result = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    void run(final Runnable task) throws Exception {
        call(() -> {
            task.run();
            return null;
        });
    }

    public void close() throws Exception {
        worker.shutdown();
        if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
            worker.shutdownNow();
            throw new AssertionError("the feed's worker did not end: something is still open on it");
        }
    }
}
