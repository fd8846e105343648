package penstock.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import penstock.usage.ledger.LedgerDisk;

/** A real disk with little room: as the kernel does, it takes what fits, and refuses the next byte. One thread. */
final class FullDisk implements LedgerDisk {
    private long room;
    private boolean cannotCut;

    void room(final long bytes) {
        room = bytes;
    }

    void cannotCut(final boolean refuses) {
        cannotCut = refuses;
    }

    @Override
    public FileChannel open(final Path file) throws IOException {
        return new Channel(LedgerDisk.LOCAL.open(file));
    }

    private final class Channel extends FileChannel {
        private final FileChannel file;

        Channel(final FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(final ByteBuffer bytes, final long position) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            final ByteBuffer fits = bytes.slice(bytes.position(), (int) Math.min(room, bytes.remaining()));
            final int written = file.write(fits, position);
            bytes.position(bytes.position() + written);
            room -= written;
            return written;
        }

        @Override
        public FileChannel truncate(final long size) throws IOException {
            if (cannotCut) {
                throw new IOException("Input/output error");
            }
            file.truncate(size);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force(final boolean metadata) {
            // no test loses what the kernel has: thousands of waits for the disk would prove nothing
            return;
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public int read(final ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(final ByteBuffer[] bytes, final int offset, final int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(final ByteBuffer bytes, final long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(final ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(final ByteBuffer[] bytes, final int offset, final int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(final long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(final long position, final long count, final WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(final ReadableByteChannel source, final long position, final long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(final MapMode mode, final long position, final long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(final long position, final long size, final boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(final long position, final long size, final boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
