#!/usr/bin/perl
# A provider that is none of ours: Debian's Net::SMPP in the SMSC's role. Takes one client after the
# other on a port of loopback, answers submits with ids in hexadecimal, puts long texts together, and
# sends a receipt for each short message, with its id in decimal. Says what it sees as JSON, a line each.
use strict;
use warnings;
use Encode qw(decode);
use JSON::PP;
use Net::SMPP;

my ($port, $password) = @ARGV;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => $port, smpp_version => 0x34)
    or die "cannot listen on $port: $!";
my $json = JSON::PP->new->canonical->utf8;
$| = 1;

sub say_line { print $json->encode({@_}), "\n" }

say_line(event => 'ready');
my $id = 0xA0000001;
my %parts;

sub taken {
    my ($pdu) = @_;
    my $bytes = $pdu->{short_message};
    return [$bytes] unless $pdu->{esm_class} & 0x40;
    my ($length, $element, $size, $reference, $count, $number) = unpack 'C6', $bytes;
    die "header $length $element $size" unless $length == 5 && $element == 0 && $size == 3;
    my $key = "$pdu->{destination_addr} $reference";
    $parts{$key}[$number - 1] = substr $bytes, 6;
    my @parts = @{$parts{$key}};
    return undef if @parts < $count || grep { !defined } @parts;
    delete $parts{$key};
    return \@parts;
}

while (my $client = $listener->accept()) {
    $client->set_version(0x34);
    while (my $pdu = $client->read_pdu()) {
        my $command = $pdu->{cmd};
        if ($command == Net::SMPP::CMD_bind_transceiver) {
            my $status = $pdu->{password} eq $password ? 0 : 0x0E;
            $client->bind_transceiver_resp(
                system_id => 'peer', seq => $pdu->{seq}, status => $status);
            say_line(event => 'bind', system => $pdu->{system_id}, status => $status);
        } elsif ($command == Net::SMPP::CMD_submit_sm) {
            my $own = $id++;
            $client->submit_sm_resp(message_id => sprintf('%X', $own), seq => $pdu->{seq});
            say_line(event => 'submit', id => "$own", coding => $pdu->{data_coding},
                bytes => length $pdu->{short_message});
            my $parts = taken($pdu);
            say_line(event => 'text', to => $pdu->{destination_addr}, segments => scalar @$parts,
                text => decode('UTF-16BE', join('', @$parts), Encode::FB_CROAK)) if $parts;
            $client->deliver_sm(
                esm_class => 4, source_addr => $pdu->{destination_addr},
                destination_addr => $pdu->{source_addr},
                short_message => "id:$own sub:001 dlvrd:001 submit date:2603100900 "
                    . "done date:2603100901 stat:DELIVRD err:000 text:", async => 1);
        } elsif ($command == Net::SMPP::CMD_deliver_sm_resp) {
            say_line(event => 'receipt taken', status => $pdu->{status});
        } elsif ($command == Net::SMPP::CMD_enquire_link) {
            $client->enquire_link_resp(seq => $pdu->{seq});
            say_line(event => 'enquire_link');
        } elsif ($command == Net::SMPP::CMD_unbind) {
            $client->unbind_resp(seq => $pdu->{seq});
            say_line(event => 'unbind');
            last;
        } else {
            say_line(event => 'other', command => $command);
        }
    }
    close $client;
}
