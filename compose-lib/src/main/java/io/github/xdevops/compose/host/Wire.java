package io.github.xdevops.compose.host;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;

/** The TCP connection under an SSH session: what comes in is looked at before sshj sees it. */
final class Wire extends Socket {
    private @org.jspecify.annotations.Nullable WireInput input;

    Wire() throws SocketException {
        setTcpNoDelay(true);
        setKeepAlive(true);
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new WireInput(this, super.getInputStream());
        }
        return input;
    }

    /** Closes without a word; whoever waits on a stream gets an exception. */
    void cut() {
        try {
            close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
