package io.github.xdevops.compose.host.ssh;

import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.LocalWindow;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.channel.ChannelSession;

/** Opens sessions that accept packets of no size. */
final class NoPackets implements ChannelFactory {
    @Override
    public String getName() {
        return "session";
    }

    @Override
    public Channel createChannel(Session session) {
        return new ChannelSession() {
            @Override
            public LocalWindow getLocalWindow() {
                return new LocalWindow(this, false) {
                    @Override
                    public long getPacketSize() {
                        return 0;
                    }

                    @Override
                    public long getSize() {
                        return 100_000;
                    }
                };
            }
        };
    }
}
