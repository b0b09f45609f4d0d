# shellcheck shell=bash
# What runs on this machine is reached past any proxy, by curl and stock clients too;
# sourced.
no_proxy=127.0.0.1,localhost,::1,${no_proxy:-${NO_PROXY:-}}
NO_PROXY=$no_proxy
export no_proxy NO_PROXY
